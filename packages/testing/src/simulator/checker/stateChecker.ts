import { type MonitorStatus, type SupervisorStats, worstHealth } from '@watchkeeper/core';
import { patienceMs, slackMs, type World } from '../world.ts';
import { holdDrain, holdEnd } from './drainChecker.ts';
import { holdTarget } from './targetChecker.ts';

/** Every how many steps the list of all actors is read, which costs a look at each. */
const stepsPerCensus = 16;

/** Holds everything that should be true between two steps. */
export function holdLaws(world: World, step: number): void {
  const { sessions, lost } = world.keeper.stats();
  holdAdmission(world, sessions);
  holdClients(world);
  holdPeers(world);
  // Read once: the status of a monitor is the dearest thing to ask for here.
  const statuses = world.keeper.statuses();
  const byId = new Map(statuses.map((status) => [status.id, status]));
  for (const target of world.targets.values()) holdTarget(world, target, byId.get(target.id));
  holdWhole(world, statuses);
  holdCounts(world, lost);
  if (step % stepsPerCensus === 0) holdCensus(world);
  if (world.ended) holdEnd(world);
  else if (world.ending !== undefined) holdDrain(world, world.ending);
}

function holdAdmission({ court, drawn, held, peers }: World, { open, taken }: SupervisorStats['sessions']): void {
  const { maxSessions } = drawn;
  court.hold('INV-14', maxSessions === 0 || taken <= maxSessions, () => `${taken} slots taken of ${maxSessions}`);
  court.hold('INV-15', taken === held.length + peers.size, () => {
    return `${taken} slots count as taken, with ${held.length} held and ${peers.size} sessions open`;
  });
  court.hold('INV-39', open === peers.size, () => `${open} sessions are known, of ${peers.size}`);
}

function holdClients(world: World): void {
  const { court, told, activeMs } = world;
  world.clients = world.clients.filter((client) => {
    const { key, account, notifier } = client;
    const { accepted, taken, coalesced, dropped } = account;
    const owed = accepted - taken - coalesced - dropped;
    const sum = () => `${key} was owed ${accepted} notices: took ${taken}, ${coalesced} coalesced, ${dropped} dropped`;
    if (client.over) {
      court.hold('INV-77', owed === 0, sum);
      return false;
    }
    court.hold('INV-77', owed >= 0, sum);
    court.hold(
      'INV-77',
      notifier === undefined || notifier.pending <= owed,
      () => `${sum()}, ${notifier?.pending} wait`,
    );
    if (client.holds) {
      client.heldSinceMs ??= activeMs;
      const heldMs = activeMs - client.heldSinceMs;
      court.hold('INV-21', heldMs <= patienceMs + slackMs, () => `${key} has been waited for ${heldMs} ms`);
    }
    if (notifier?.state !== 'idle') return true;
    court.hold('INV-4', owed === 0, () => `${sum()}, and nothing waits`);
    court.hold('INV-4', !client.dismissed, () => `${key} was to be told to go, and rests`);
    for (const [topic, { seq }] of told) {
      if (!client.follows(topic) || client.forgone.has(topic)) continue;
      court.hold('INV-8', client.latest.get(topic) === seq, () => {
        return `${key} rests with ${topic} at ${client.latest.get(topic)}, which is at ${seq}`;
      });
    }
    return true;
  });
}

function holdPeers({ court, peers, drawn, activeMs, phases }: World): void {
  const dismissed = phases.includes('grace') || phases.includes('force');
  for (const peer of peers) {
    const { session } = peer;
    if (session === undefined) continue;
    court.hold(
      'INV-26',
      !dismissed || session.state !== 'open',
      () => `session ${session.id} was forgotten by the drain`,
    );
    court.hold('INV-25', session.state !== 'draining' || peer.notice !== undefined, () => {
      return `session ${session.id} drains and was not told`;
    });
    if (session.state !== 'closing') continue;
    peer.closingSince ??= activeMs;
    court.hold('INV-79', activeMs - peer.closingSince <= drawn.closeTimeoutMs + slackMs, () => {
      return `session ${session.id} has been closing for ${activeMs - (peer.closingSince ?? 0)} ms`;
    });
  }
}

function holdWhole({ court, keeper, givenUp, told, phases, ended }: World, statuses: readonly MonitorStatus[]): void {
  const { phase, health, planes } = keeper;
  court.hold('INV-65', planes.live === (phase !== 'stopped'), () => `live is ${planes.live} when ${phase}`);
  court.hold('INV-37', !planes.ready || phase === 'running', () => `ready when ${phase}`);
  if (ended) return;
  const withdrawn = phases.includes('notice') || phases.includes('force');
  const lost = [...givenUp.values()].some((required) => required) ? (['error'] as const) : [];
  const required = statuses.flatMap((status) => (status.required ? [status.health] : []));
  const worst = withdrawn ? 'stopped' : worstHealth([...required, ...lost]);
  court.hold('INV-72', health === worst, () => `the whole is ${health}, its worst is ${worst}`);
  const said = told.get('')?.health;
  if (phases.includes('force') && !phases.includes('notice')) return;
  court.hold('INV-8', said === health, () => `the whole is ${health}, and was last said to be ${said}`);
}

function holdCounts({ court, lost }: World, counts: SupervisorStats['lost']): void {
  for (const [name, count] of Object.entries(lost)) {
    const counted = counts[name as keyof typeof lost];
    court.hold('INV-77', counted === count, () => `${counted} ${name} counted, ${count} told`);
  }
}

function holdCensus(world: World): void {
  const { court, keeper, clients, peers, targets } = world;
  const seen = { supervisor: 0, monitor: 0, notifier: 0, session: 0 };
  for (const { kind } of keeper.actors()) seen[kind] += 1;
  const known = { supervisor: 1, monitor: targets.size, notifier: clients.length, session: peers.size };
  court.hold('INV-39', JSON.stringify(seen) === JSON.stringify(known), () => {
    return `there are ${JSON.stringify(seen)}, and should be ${JSON.stringify(known)}`;
  });
  const most = 3 * known.monitor + known.notifier + 2 * known.session + 2;
  court.hold('INV-57', world.pending <= most, () => `${world.pending} timers for ${JSON.stringify(known)}`);
}
