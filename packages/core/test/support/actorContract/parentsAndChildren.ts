import {
  type AnyActorRef,
  assign,
  createActor,
  fromTransition,
  sendParent,
  sendTo,
  setup,
  spawnChild,
  stopChild,
} from 'xstate';
import type { Cases, ContractWorld } from './contractWorld.ts';

const finishing = () =>
  setup({}).createMachine({
    initial: 'a',
    states: { a: { on: { end: 'b', ask: { actions: sendParent({ type: 'asked' }) } } }, b: { type: 'final' } },
    output: 'over',
  });
const failing = () =>
  fromTransition(() => {
    throw new Error('child');
  }, 0);

/** A parent that notes the events it receives. */
const listening = ({ note }: ContractWorld) =>
  setup({ actions: { note: ({ event }) => note('parent got', event) } }).createMachine({
    on: { '*': { actions: 'note' } },
  });

/** A machine whose child is made by the world's own creator, and kept in context. */
const keeping = ({ create, note }: ContractWorld, logic: Parameters<typeof createActor>[0]) =>
  setup({
    types: { context: {} as { child: AnyActorRef } },
    actions: {
      note: ({ event }) => note('parent got', event),
      start: ({ context }) => context.child.start(),
    },
  }).createMachine({
    context: ({ self }) => ({ child: create(logic, { parent: self, id: 'child' }) as AnyActorRef }),
    entry: 'start',
    on: {
      tell: { actions: sendTo(({ context }) => context.child, { type: 'ask' }) },
      end: { actions: sendTo(({ context }) => context.child, { type: 'end' }) },
      drop: { actions: stopChild(({ context }) => context.child) },
      '*': { actions: 'note' },
    },
  });

export const parentsAndChildren: Cases = {
  'exchanges events with a machine that has it in its context': (world) => {
    const parent = createActor(keeping(world, finishing())).start();
    for (const type of ['tell', 'end', 'tell']) parent.send({ type } as never);
  },
  'has a child of its kind in its context, as an interpreted machine': (world) => {
    const parent = world.create(keeping(world, finishing())).start();
    world.observe('child', parent.getSnapshot().context.child);
    for (const type of ['tell', 'drop', 'tell']) parent.send({ type } as never);
  },
  'has an ordinary child in its context': (world) => {
    const ordinary = { ...world, create: createActor } as ContractWorld;
    const parent = world.create(keeping(ordinary, finishing())).start();
    world.observe('child', parent.getSnapshot().context.child);
    for (const type of ['tell', 'end']) parent.send({ type } as never);
  },
  'tells its parent that it is done': (world) => {
    const parent = createActor(listening(world)).start();
    const child = world.create(finishing(), { parent, id: 'child' }).start();
    world.observe('child', child);
    child.send({ type: 'end' });
  },
  'tells its parent that it failed, and nobody else if it has no observers': (world) => {
    const parent = world.create(listening(world)).start();
    world.create(failing(), { parent, id: 'child' }).start().send({ type: 'x' });
    world.observe('parent', parent);
    parent.send({ type: 'well' });
  },
  'tells only its parent that it failed, even if it has listeners': (world) => {
    const parent = createActor(listening(world)).start();
    const child = world.create(failing(), { parent, id: 'child' }).start();
    child.on('*', () => {});
    child.send({ type: 'x' });
  },
  'cannot be stopped by anybody but its parent': (world) => {
    const parent = createActor(listening(world)).start();
    const child = world.create(finishing(), { parent, id: 'child' }).start();
    try {
      child.stop();
    } catch {
      world.note('refused', child.getSnapshot());
    }
    const stranger = world.create(
      fromTransition((state: number, _: { type: 'x' }, { stopChild }) => {
        try {
          stopChild(child);
        } catch {
          world.note('refused', child.getSnapshot());
        }
        return state;
      }, 0),
    );
    stranger.start().send({ type: 'x' });
  },
  'stops a child through its scope': (world) => {
    const logic = fromTransition(
      (child: AnyActorRef | undefined, { type }: { type: 'make' | 'drop' }, { self, stopChild }) => {
        if (type === 'make') return world.create(finishing(), { parent: self, id: 'child' }).start();
        if (child !== undefined) stopChild(child);
        return child;
      },
      undefined,
    );
    const parent = world.create(logic).start();
    parent.send({ type: 'make' });
    world.observe('child', parent.getSnapshot().context as AnyActorRef);
    parent.send({ type: 'drop' });
    world.note(parent.getSnapshot().context?.getSnapshot());
  },
  'spawns and stops children by name': ({ create, observe, note }) => {
    const machine = setup({ actors: { child: finishing() } }).createMachine({
      on: {
        make: { actions: spawnChild('child', { id: 'kid' }) },
        drop: { actions: stopChild('kid') },
      },
    });
    const parent = create(machine).start();
    parent.send({ type: 'make' });
    const kid = parent.getSnapshot().children['kid'] as AnyActorRef;
    observe('kid', kid);
    note(kid._parent === parent);
    parent.send({ type: 'drop' });
    note(parent.getSnapshot().children);
  },
  'spawns in an assignment': ({ create, note }) => {
    const machine = setup({
      types: { context: {} as { kids: AnyActorRef[] } },
      actors: { child: finishing() },
    }).createMachine({
      context: { kids: [] },
      on: {
        make: { actions: assign({ kids: ({ context, spawn }) => [...context.kids, spawn('child', { id: 'kid' })] }) },
      },
    });
    const parent = create(machine).start();
    parent.send({ type: 'make' });
    note(parent.getSnapshot().context.kids.map((kid) => kid.getSnapshot()));
  },
  'stops its invoked children with itself': ({ create, observe }) => {
    const machine = setup({ actors: { child: finishing() } }).createMachine({ invoke: { src: 'child', id: 'kid' } });
    const parent = create(machine).start();
    observe('kid', parent.getSnapshot().children['kid'] as AnyActorRef);
    observe('parent', parent);
    parent.stop();
  },
  'fails with a child whose failure its machine does not handle': ({ create, observe }) => {
    const machine = setup({ actors: { child: failing() } }).createMachine({
      invoke: { src: 'child', id: 'kid' },
      on: { hit: { actions: sendTo('kid', { type: 'x' }) } },
    });
    const parent = create(machine).start();
    observe('parent', parent);
    parent.send({ type: 'hit' });
  },
  'has its name in the system while it runs': (world) => {
    const parent = world.create(listening(world)).start();
    const make = () => world.create(finishing(), { parent, id: 'child', systemId: 'one' }).start();
    const child = make();
    world.note(parent.system.get('one') === child, Object.keys(parent.system.getAll()));
    try {
      make();
    } catch (error) {
      world.note(error);
    }
    child.send({ type: 'end' });
    world.note(parent.system.get('one'), make().getSnapshot());
  },
  'does not hold its name in the system when it is done before the start': ({ create, note }) => {
    const machine = setup({}).createMachine({ initial: 'a', states: { a: { type: 'final' } } });
    note(create(machine, { systemId: 'one' }).system.get('one'));
  },
  'shows inspectors all they would see of an ordinary actor': ({ create, inspect, clock }) => {
    const machine = setup({ actors: { child: finishing() }, actions: { act: () => {} } }).createMachine({
      id: 'm',
      entry: { type: 'act', params: { in: 1 } },
      invoke: { src: 'child', id: 'kid' },
      after: { 10: { actions: 'act' } },
      on: { hit: { actions: ['act', sendTo('kid', { type: 'ask' }), sendTo('kid', { type: 'end' })] }, '*': {} },
    });
    const root = create(machine, { id: 'root', inspect, clock }).start();
    root.send({ type: 'hit' });
    clock.increment(10);
    root.stop();
  },
  'shows inspectors a child of its kind': (world) => {
    const root = createActor(listening(world), { id: 'root', inspect: world.inspect }).start();
    const child = world.create(finishing(), { parent: root, id: 'child' }).start();
    child.send({ type: 'ask' });
    child.send({ type: 'end' });
    world.create(failing(), { parent: root, id: 'bad' }).start().send({ type: 'x' });
  },
  'tells an inspector that comes late': ({ create, inspect }) => {
    const actor = create(finishing(), { id: 'root' }).start();
    const { unsubscribe } = actor.system.inspect(inspect);
    actor.send({ type: 'other' } as never);
    unsubscribe();
    actor.send({ type: 'end' });
  },
};
