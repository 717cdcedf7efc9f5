import { drainPhases, type SupervisorEvent } from '@watchkeeper/core';
import type { SimulatedClient } from '../simulated/client.ts';
import type { SimulatedPeer } from '../simulated/peer.ts';
import type { SimulatedTarget } from '../simulated/target.ts';
import type { World } from '../world.ts';

type Event<TType extends SupervisorEvent['type']> = Extract<SupervisorEvent, { type: TType }>;

/** Reads the events of a supervisor as they come, and checks them against what is known of its world. */
export function checkEvents(world: World): void {
  world.keeper.events$.subscribe({
    next: (event) => read(world, event),
    complete: () => {
      world.ended = true;
    },
  });
}

function read(world: World, event: SupervisorEvent): void {
  world.violations.expect('INV-33', !world.ended, () => `${event.type} after the end`);
  switch (event.type) {
    case 'notice.broadcast':
      readBroadcast(world, event);
      break;
    case 'notice.coalesced':
    case 'notice.dropped':
    case 'delivery.failed':
    case 'delivery.stalled':
      readDelivery(world, event);
      break;
    case 'verdict.judged':
    case 'check.failed':
      readCheck(world, event);
      break;
    case 'health.changed':
      readHealth(world, event);
      break;
    case 'alert.raised':
    case 'alert.cleared':
      readAlert(world, event);
      break;
    case 'dependency.lost':
    case 'dependency.restored':
      readRootCause(world, event);
      break;
    case 'actor.failed':
    case 'actor.restarting':
    case 'actor.restarted':
    case 'supervisor.escalated':
      readCrash(world, event);
      break;
    case 'drain.entered':
      readPhase(world, event);
      break;
    case 'drain.spread':
      readSpread(world, event);
      break;
    case 'client.goaway':
      readClientGoaway(world, event);
      break;
    case 'actor.ended':
      readEnd(world, event);
      break;
    case 'supervisor.failed':
      readFailure(world);
      break;
    case 'verdict.discarded':
      world.lost.verdictsDiscarded += 1;
      world.violations.expect('INV-12', event.reason !== 'stall' || world.stoodStill || world.rushed, () => {
        return `a check of ${event.id} is void for a stall that never was`;
      });
      break;
    case 'admission.refused':
      world.lost.refused += 1;
      break;
    case 'admit.failed':
      world.lost.admitsFailed += 1;
      break;
    case 'law.violated':
      world.lost.lawsViolated += 1;
      world.violations.expect(event.law, false, () => event.found);
  }
}

function readBroadcast({ told, clients }: World, { notice }: Event<'notice.broadcast'>): void {
  if (notice.type === 'health') told.set(notice.topic, notice);
  for (const client of clients) {
    if (client.over || client.dismissed) continue;
    if (notice.type === 'goaway') client.dismissed = true;
    else if (!client.follows(notice.topic) && !(notice.topic === '' && notice.health === 'stopped')) continue;
    client.account.accepted += 1;
    if (notice.type === 'health') client.noteChange(notice);
  }
}

function clientOf({ clients }: World, key: string): SimulatedClient | undefined {
  // The events of a replaced client come before the first of the one in its place.
  return clients.find((client) => client.key === key && !client.over);
}

function readDelivery(
  world: World,
  event: Event<'notice.coalesced' | 'notice.dropped' | 'delivery.failed' | 'delivery.stalled'>,
): void {
  const { lost, violations } = world;
  const client = clientOf(world, event.id);
  violations.expect('INV-48', client !== undefined, () => `${event.type} of ${event.id}, which had ended`);
  if (event.type === 'notice.coalesced') {
    lost.coalesced += event.count;
    if (client !== undefined) client.account.coalesced += event.count;
  } else if (event.type === 'notice.dropped') {
    lost.dropped += event.count;
    if (client !== undefined) client.account.dropped += event.count;
  } else if (event.type === 'delivery.failed') lost.deliveriesFailed += 1;
  else lost.stalled += 1;
}

function readCheck({ targets, violations, lost }: World, event: Event<'verdict.judged' | 'check.failed'>): void {
  const target = targets.get(event.id);
  if (event.type === 'check.failed') lost.checksFailed += 1;
  if (target === undefined) {
    violations.expect('INV-48', false, () => `${event.type} of ${event.id}, which had ended`);
    return;
  }
  const { check } = target;
  const serial = event.type === 'verdict.judged' ? event.verdict.measured?.['serial'] : undefined;
  if (serial !== undefined) {
    violations.expect('INV-45', target.judge(serial), () => {
      return `${event.id} was judged by check ${serial}, which a newer command, check or the timeout had made void`;
    });
  } else if (check?.signal.aborted) {
    // It timed out. In a crowd this may be told when another check is under way already.
    target.supersede();
  }
  const good = event.type === 'verdict.judged' && event.verdict.status !== 'fail';
  target.failures = good ? 0 : target.failures + 1;
}

function readHealth({ targets, violations }: World, { id, from, to, seq, assumed }: Event<'health.changed'>): void {
  const target = targets.get(id);
  if (target === undefined) {
    violations.expect('INV-48', false, () => `${id} became ${to} after it had ended`);
    return;
  }
  const before = target.health;
  violations.expect('INV-44', from !== to || before === undefined, () => `${id} changed from ${from} to ${to}`);
  violations.expect(
    'INV-44',
    before === undefined || before === from,
    () => `${id} was ${before} and changed from ${from}`,
  );
  violations.expect('INV-44', seq === target.changes + 1, () => `change ${seq} of ${id} came after ${target.changes}`);
  const begins = to === 'starting' || (target.paused && to === 'paused');
  if (before === undefined) violations.expect('INV-67', begins, () => `${id} began as ${to}`);
  target.health = to;
  const known = from === 'starting' || from === 'stopped' || from === 'paused' ? undefined : from;
  violations.expect(
    'INV-72',
    to !== 'paused' || before === undefined || from === 'stopped' || assumed === known,
    () => {
      return `${id} was ${from}, and in its pause is assumed ${assumed}`;
    },
  );
  target.assumed = assumed;
  target.changes = seq;
}

function readAlert({ targets, violations }: World, event: Event<'alert.raised' | 'alert.cleared'>): void {
  const target = targets.get(event.id);
  if (target === undefined) {
    violations.expect('INV-65', false, () => `${event.type} of ${event.id}, which had ended`);
    return;
  }
  const raised = event.type === 'alert.raised';
  violations.expect('INV-58', raised !== target.alerting, () => `${event.type} of ${event.id} twice in a row`);
  if (raised) {
    const due = Math.max(1, target.options.alertAfter);
    violations.expect(
      'INV-58',
      target.failures >= due,
      () => `${event.id} alerts after ${target.failures} of ${due} failures`,
    );
  } else
    violations.expect('INV-58', target.failures === 0, () => `the alert of ${event.id} was cleared while it fails`);
  target.alerting = raised;
}

function readRootCause(
  { targets, violations, givenUp }: World,
  event: Event<'dependency.lost' | 'dependency.restored'>,
): void {
  const target = targets.get(event.id);
  const rootCause = event.type === 'dependency.lost' ? event.rootCause : undefined;
  const isNews = target === undefined ? givenUp.has(event.id) : target.rootCause !== rootCause;
  violations.expect('dependency', isNews, () => {
    return `${event.type} of ${event.id} twice in a row, or after its end`;
  });
  if (target !== undefined) target.rootCause = rootCause;
}

function readCrash(
  world: World,
  event: Event<'actor.failed' | 'actor.restarting' | 'actor.restarted' | 'supervisor.escalated'>,
): void {
  const { targets, violations, lost, drawn } = world;
  const target = targets.get(event.id);
  if (event.type === 'actor.failed') {
    lost.actorsFailed += 1;
    if (target !== undefined) crash(target);
    violations.expect(
      'INV-64',
      event.kind === 'monitor' && world.crashRate > 0,
      () => `${event.kind} ${event.id} crashed: ${event.cause}`,
    );
    return;
  }
  if (event.type === 'supervisor.escalated') {
    world.givenUp.set(event.id, target?.options.requiredFor ?? []);
    if (target !== undefined) target.over = true;
    targets.delete(event.id);
  } else if (event.type === 'actor.restarting') {
    const all = [...targets.values()];
    const first = target === undefined ? all.length : drawn.strategy === 'one_for_all' ? 0 : all.indexOf(target);
    for (const affected of all.slice(first, drawn.strategy === 'one_for_one' ? first + 1 : undefined)) crash(affected);
  } else if (target !== undefined) target.crashed = false;
}

function crash(target: SimulatedTarget): void {
  target.supersede();
  target.crashed = true;
  target.health = undefined;
  target.changes = 0;
  // Its alert and its pause outlive it.
  target.failures = 0;
}

function readFailure(world: World): void {
  world.lost.actorsFailed += 1;
  world.failed = true;
  world.noteDrain();
  // Where a drain was under way, it may go on by force.
  if (world.ending !== undefined) world.ending.cutShort = true;
}

function readPhase(world: World, { phase }: Event<'drain.entered'>): void {
  const order = drainPhases.indexOf(phase);
  const last = world.phases.at(-1);
  world.violations.expect('INV-27', last === undefined || drainPhases.indexOf(last as typeof phase) < order, () => {
    return `the drain entered ${phase} after ${last}`;
  });
  world.noteDrain();
  world.phases.push(phase);
}

function readSpread({ ending }: World, { at, clients, spreadMs }: Event<'drain.spread'>): void {
  if (ending !== undefined) ending.spread = { at, stepMs: spreadMs / clients, turns: 0 };
}

function readClientGoaway(world: World, { kind, id, notice, at }: Event<'client.goaway'>): void {
  const { violations, ending, setBack, clients } = world;
  const { reconnectAfterMs = 0 } = notice;
  violations.expect('spread', reconnectAfterMs <= (ending?.options.reconnectSpreadMs ?? 0), () => {
    return `${kind} ${id} is to come back after ${reconnectAfterMs} ms`;
  });
  const client = kind === 'notifier' ? clientOf(world, id) : undefined;
  if (kind === 'session') {
    const left = clients.some(({ session, over, dismissed }) => session === id && !over && !dismissed);
    violations.expect('spread', !left, () => `session ${id} is told to go, and a notifier of its client is not`);
  }
  // Notifiers of a session have no turn of their own.
  if (ending?.spread !== undefined && client?.session === undefined) {
    const sinceMs = at - ending.spread.at;
    const due = ending.spread.turns * ending.spread.stepMs;
    violations.expect('spread', setBack || sinceMs >= due, () => `${kind} ${id} went after ${sinceMs} of ${due} ms`);
    ending.spread.turns += 1;
  }
  if (client === undefined || client.dismissed) return;
  client.dismissed = true;
  client.account.accepted += 1;
}

function readEnd(world: World, event: Event<'actor.ended'>): void {
  const { violations, ending } = world;
  const found = () => `${event.kind} ${event.id} ended twice, or never was`;
  if (event.kind === 'monitor') {
    const target = world.targets.get(event.id);
    violations.expect('INV-39', target !== undefined, found);
    violations.expect(
      'INV-65',
      target === undefined || target.crashed || target.health === 'stopped',
      () => `${event.id} ended as ${target?.health}`,
    );
    if (target !== undefined) target.over = true;
    world.targets.delete(event.id);
    world.dependencies.delete(event.id);
    world.compositions.delete(event.id);
    world.tags.delete(event.id);
    world.told.delete(event.id);
    for (const { waits } of world.clients) waits.delete(event.id);
  } else if (event.kind === 'notifier') {
    const client = clientOf(world, event.id);
    violations.expect('INV-39', client !== undefined, found);
    if (client === undefined) return;
    client.over = true;
    if (event.told === true)
      violations.expect('INV-4', client.sawGoaway, () => `${event.id} counts as told, and was not`);
    if (ending !== undefined) ending[event.told === true ? 'told' : 'evicted'] += 1;
  } else {
    const peer = peerOf(world, event.id);
    violations.expect('INV-15', peer !== undefined, found);
    if (peer === undefined) return;
    peer.over = true;
    world.peers.delete(peer);
  }
}

function peerOf({ peers }: World, id: string): SimulatedPeer | undefined {
  for (const peer of peers) if (peer.session?.id === id) return peer;
  return undefined;
}
