import { createSupervisor } from '@watchkeeper/core';
import { afterEach, describe, expect, it } from 'vitest';
import { type Actor, assign, createActor, setup } from 'xstate';
import { AllowedEvents, type EventLists, mostPayloadBytes } from '../src/commands/allowedEvents.ts';
import { type CommandRecord, Commands } from '../src/commands/commands.ts';
import { commandBurst } from '../src/commands/rateLimit.ts';
import { InvalidOptionError, inspect } from '../src/index.ts';
import { sendableActor } from '../src/observed/sendableActor.ts';
import { readMessage } from '../src/protocol/clientMessage.ts';
import { xstateSupervisor } from '../src/xstate/xstateSupervisor.ts';

type Paying = { readonly type: 'pay'; readonly amount?: number };

const orderMachine = setup({
  types: {
    context: {} as { paid: number; note: unknown },
    events: {} as Paying | { readonly type: 'note' | 'cancel' | 'burn' },
  },
  guards: {
    isEnough: ({ event }) => event.type === 'pay' && (event.amount ?? 5) >= 5,
    explodes: () => {
      throw new Error('a broken guard');
    },
  },
}).createMachine({
  id: 'order',
  context: { paid: 0, note: undefined },
  initial: 'due',
  states: {
    due: {
      on: {
        pay: {
          guard: 'isEnough',
          target: 'paid',
          actions: assign({ paid: ({ event }) => event.amount ?? 5 }),
        },
        note: { actions: assign({ note: ({ event }) => event }) },
        cancel: 'cancelled',
        burn: { guard: 'explodes', target: 'cancelled' },
      },
    },
    paid: {},
    cancelled: {},
  },
});

const running: { stop(): unknown }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
});

function setUp(lists: EventLists | undefined = { order: ['pay', 'note', 'burn'] }) {
  const order: Actor<typeof orderMachine> = createActor(orderMachine, { id: 'order-1' }).start();
  running.push(order);
  const keeper = xstateSupervisor(order);
  const events = Object.keys(lists).length === 0 ? undefined : new AllowedEvents(keeper, lists);
  const records: CommandRecord[] = [];
  const commands = new Commands({
    supervisor: keeper,
    allowed: [],
    events,
    now: () => 7,
    record: (entry) => records.push(entry),
  });
  const send = (event: string, payload?: Readonly<Record<string, unknown>>, actorId = order.sessionId) =>
    commands.run({ type: 'send', id: 1, actorId, event, ...(payload === undefined ? {} : { payload }) }, 3);
  return { order, events, records, send };
}

describe('an event that a page sends', () => {
  it('reaches the actor when it is listed and the actor would take it, and is written down without its payload', () => {
    const { order, records, send } = setUp();
    expect(send('pay', { amount: 9 })).toMatchObject({ ok: true });
    expect(order.getSnapshot()).toMatchObject({ value: 'paid', context: { paid: 9 } });
    expect(records).toEqual([{ at: 7, name: 'send', actorId: order.sessionId, event: 'pay', page: 3, ok: true }]);
  });

  it('is refused, and that written down, when the page is read-only', () => {
    const { order, records, send } = setUp({});
    expect(send('pay')).toMatchObject({ ok: false, why: 'This page is read-only.' });
    expect(order.getSnapshot().value).toBe('due');
    expect(records).toMatchObject([{ name: 'send', event: 'pay', ok: false }]);
  });

  it('is refused when it is not listed for that machine, though the actor would take it', () => {
    const { order, send } = setUp();
    expect(send('cancel')).toMatchObject({ ok: false, why: 'The program does not allow cancel for order.' });
    expect(setUp({ parcel: ['pay'] }).send('pay')).toMatchObject({ ok: false });
    expect(order.getSnapshot().value).toBe('due');
  });

  it('is refused when the actor would not take it now: the state, a guard, or a guard that throws', () => {
    const { order, send } = setUp();
    expect(send('pay', { amount: 1 })).toMatchObject({ ok: false, why: 'It takes no pay now.' });
    expect(send('burn')).toMatchObject({ ok: false, why: 'It takes no burn now.' });
    expect(order.getSnapshot()).toMatchObject({ value: 'due', status: 'active' });
    send('pay');
    expect(send('pay')).toMatchObject({ ok: false, why: 'It takes no pay now.' });
  });

  it('is refused when the page sends too many, refused ones counted', () => {
    const { send } = setUp();
    const done = Array.from({ length: commandBurst + 1 }, () => send('cancel').why);
    expect(done[commandBurst - 1]).toBe('The program does not allow cancel for order.');
    expect(done[commandBurst]).toBe('Too many commands: wait a moment.');
  });

  it('is refused for an actor that nobody knows, or that has ended', () => {
    const { order, send } = setUp();
    const why = 'No event can be sent to such an actor, or it is gone.';
    expect(send('pay', undefined, 'x:99')).toMatchObject({ ok: false, why });
    order.stop();
    expect(send('pay')).toMatchObject({ ok: false, why });
  });

  it('is refused with a payload that is too large, and cannot name another type by one', () => {
    const { order, send } = setUp();
    const payload = { text: 'x'.repeat(mostPayloadBytes - '{"text":""}'.length) };
    expect(send('note', { text: `${payload.text}x` })).toMatchObject({
      ok: false,
      why: 'The payload is too large: 1024 bytes are allowed.',
    });
    expect(send('note', payload)).toMatchObject({ ok: true });
    expect(send('note', { type: 'cancel' })).toMatchObject({ ok: true });
    expect(order.getSnapshot()).toMatchObject({ value: 'due', context: { note: { type: 'note' } } });
  });

  it('does not bring the program down when the actor throws', () => {
    const reached = {
      machineId: 'order',
      can: () => true,
      send: () => {
        throw new Error('broken');
      },
    };
    const events = new AllowedEvents({ reach: () => reached }, { order: ['pay'] });
    expect(events.send({ actorId: 'a', event: 'pay' })).toBe('pay failed.');
  });
});

describe('the events that a page may send to an actor', () => {
  it('are listed with whether the actor would take each now, and not for another machine', () => {
    const { order, events, send } = setUp();
    expect(events?.machines).toEqual(['order']);
    expect(events?.eventsOf(order.sessionId)).toEqual([
      { event: 'pay', canNow: true },
      { event: 'note', canNow: true },
      { event: 'burn', canNow: false },
    ]);
    send('pay');
    expect(events?.eventsOf(order.sessionId).map(({ canNow }) => canNow)).toEqual([false, false, false]);
    expect(setUp({ parcel: ['pay'] }).events?.eventsOf(order.sessionId)).toEqual([]);
  });

  it('are none for an actor that is no machine', () => {
    expect(sendableActor({ logic: { id: 'odd' }, getSnapshot: () => ({ status: 'active' }) })).toBeUndefined();
    expect(sendableActor({ getSnapshot: () => ({ status: 'active', can: () => true }) })).toBeUndefined();
  });

  it.each([
    ['a list that is none', { order: 'pay' }],
    ['an event of XState itself', { order: ['xstate.stop'] }],
    ['a pattern', { order: ['*'] }],
    ['a pattern at the end', { order: ['pay.*'] }],
    ['no object', ['pay']],
  ])('is not %s', async (_, events) => {
    const { order } = setUp();
    const attempt = inspect(order, { port: 0, access: 'link', events: events as unknown as EventLists });
    await expect(attempt).rejects.toMatchObject({ code: 'INVALID_OPTION', option: 'inspect.events' });
  });

  it('need access by link, and a plain XState program', async () => {
    const { order } = setUp();
    const events = { order: ['pay'] };
    await expect(inspect(order, { port: 0, events })).rejects.toMatchObject({ option: 'inspect.access' });
    const keeper = createSupervisor();
    running.push(keeper);
    const attempt = inspect(keeper, { port: 0, access: 'link', events: { monitor: ['check'] } });
    await expect(attempt).rejects.toThrow(InvalidOptionError);
    await expect(attempt).rejects.toMatchObject({ option: 'inspect.events' });
  });
});

describe('readMessage of an event to be sent', () => {
  it('reads the payload, without a key that changes what an object inherits', () => {
    expect(readMessage('{"type":"send","id":1,"actorId":"x:0","event":"pay"}')).toEqual({
      type: 'send',
      id: 1,
      actorId: 'x:0',
      event: 'pay',
    });
    const sly = readMessage(
      '{"type":"send","id":1,"actorId":"x:0","event":"pay","payload":{"a":{"__proto__":{"b":1}}}}',
    );
    expect(sly).toMatchObject({ payload: { a: {} } });
    expect(JSON.stringify(sly)).not.toContain('"b"');
  });

  it.each([
    '{"type":"send","id":1,"actorId":"x:0"}',
    '{"type":"send","id":1,"event":"pay"}',
    '{"type":"send","actorId":"x:0","event":"pay"}',
    '{"type":"send","id":1,"actorId":"x:0","event":"pay","payload":[]}',
    '{"type":"send","id":1,"actorId":"x:0","event":"pay","payload":"5"}',
    `{"type":"send","id":1,"actorId":"x:0","event":"${'e'.repeat(201)}"}`,
  ])('%s is none', (text) => {
    expect(readMessage(text)).toBeUndefined();
  });
});
