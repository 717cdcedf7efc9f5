import { type Health, type MonitorStatus, type Plane, type SupervisorStats, worstHealth } from '@watchkeeper/core';
import type { SimulatedClient } from '../simulated/client.ts';
import { patienceMs, slackMs, type World } from '../world.ts';
import { checkDrain, checkEnd } from './drainChecker.ts';
import { checkTarget } from './targetChecker.ts';

/** Every how many steps the list of all actors is read, which costs a look at each. */
const stepsPerCensus = 16;

/** Checks everything that should be true between two steps. */
export function checkState(world: World, step: number): void {
  const { sessions, lost } = world.keeper.stats();
  checkAdmission(world, sessions);
  checkClients(world);
  checkPeers(world);
  // Read once: the status of a monitor is the dearest thing to ask for here.
  const statuses = world.keeper.statuses();
  const byId = new Map(statuses.map((status) => [status.id, status]));
  for (const target of world.targets.values()) checkTarget(world, target, byId.get(target.id));
  checkWhole(world, statuses);
  checkCounts(world, lost);
  if (step % stepsPerCensus === 0) checkCensus(world);
  if (world.ended) checkEnd(world);
  else if (world.ending !== undefined) checkDrain(world, world.ending);
}

function checkAdmission(
  { violations, drawn, held, peers, ending }: World,
  { open, taken }: SupervisorStats['sessions'],
): void {
  const { maxSessions } = drawn;
  violations.expect(
    'INV-14',
    maxSessions === 0 || ending !== undefined || taken <= maxSessions,
    () => `${taken} slots taken of ${maxSessions}`,
  );
  violations.expect('INV-15', taken === held.length + peers.size, () => {
    return `${taken} slots count as taken, with ${held.length} held and ${peers.size} sessions open`;
  });
  violations.expect('INV-39', open === peers.size, () => `${open} sessions are known, of ${peers.size}`);
}

function checkClients(world: World): void {
  const { violations, told, activeMs } = world;
  world.clients = world.clients.filter((client) => {
    const { key, account, notifier } = client;
    const { accepted, taken, coalesced, dropped } = account;
    const owed = accepted - taken - coalesced - dropped;
    const sum = () => `${key} was owed ${accepted} notices: took ${taken}, ${coalesced} coalesced, ${dropped} dropped`;
    if (client.over) {
      violations.expect('INV-77', owed === 0, sum);
      return false;
    }
    violations.expect('INV-77', owed >= 0, sum);
    violations.expect(
      'INV-77',
      notifier === undefined || notifier.pending <= owed,
      () => `${sum()}, ${notifier?.pending} wait`,
    );
    if (client.holds) {
      client.heldSinceMs ??= activeMs;
      const heldMs = activeMs - client.heldSinceMs;
      violations.expect('INV-21', heldMs <= patienceMs + slackMs, () => `${key} has been waited for ${heldMs} ms`);
    }
    checkFairness(world, client);
    if (notifier?.state !== 'idle') return true;
    violations.expect('INV-4', owed === 0, () => `${sum()}, and nothing waits`);
    violations.expect('INV-4', !client.dismissed, () => `${key} was to be told to go, and rests`);
    for (const [topic, { seq }] of told) {
      if (!client.follows(topic)) continue;
      violations.expect('INV-8', client.latest.get(topic) === seq, () => {
        return `${key} rests with ${topic} at ${client.latest.get(topic)}, which is at ${seq}`;
      });
    }
    return true;
  });
}

/** However slow a client is, no topic waits for ever: not longer than four rounds of changes and two of what it reads. */
function checkFairness({ violations, told }: World, { key, changes, reads, waits, dismissed }: SimulatedClient): void {
  if (dismissed || changes <= 4 * told.size) return;
  for (const [topic, since] of waits) {
    const waited = { changes: changes - since.changes, reads: reads - since.reads };
    violations.expect(
      'fairness',
      waited.changes <= 4 * told.size || waited.reads <= 2 * told.size,
      () => `${key} was told of others ${waited.reads} times in ${waited.changes} changes, and not of ${topic}`,
    );
  }
}

function checkPeers({ violations, peers, drawn, activeMs, phases }: World): void {
  const dismissed = phases.includes('grace') || phases.includes('force');
  for (const peer of peers) {
    const { session } = peer;
    if (session === undefined) continue;
    violations.expect(
      'INV-26',
      !dismissed || session.state !== 'open',
      () => `session ${session.id} was forgotten by the drain`,
    );
    violations.expect('INV-25', session.state !== 'draining' || peer.notice !== undefined, () => {
      return `session ${session.id} drains and was not told`;
    });
    if (session.state !== 'closing') continue;
    peer.closingSince ??= activeMs;
    violations.expect('INV-79', activeMs - peer.closingSince <= drawn.closeTimeoutMs + slackMs, () => {
      return `session ${session.id} has been closing for ${activeMs - (peer.closingSince ?? 0)} ms`;
    });
  }
}

function checkWhole(
  { violations, keeper, givenUp, told, phases, ended }: World,
  statuses: readonly MonitorStatus[],
): void {
  const { phase, health, planes } = keeper;
  violations.expect('INV-37', !planes.ready || phase === 'running', () => `ready when ${phase}`);
  if (ended) {
    violations.expect('INV-65', !planes.live, () => 'live after the end');
    return;
  }
  const needed = (plane: Plane): readonly Health[] => [
    ...statuses.flatMap(({ requiredFor, health, assumed }) => (requiredFor.includes(plane) ? [assumed ?? health] : [])),
    ...[...givenUp.values()].flatMap((requiredFor) => (requiredFor.includes(plane) ? (['error'] as const) : [])),
  ];
  const lives = phase === 'draining' || !needed('live').some((each) => each === 'unhealthy' || each === 'error');
  violations.expect('INV-65', planes.live === lives, () => `live is ${planes.live} when ${phase}`);
  // One that fails before it gave notice goes on by telling everybody to go.
  const withdrawn = phases.some((entered) => entered === 'notice' || entered === 'goaway' || entered === 'force');
  const worst = withdrawn ? 'stopped' : worstHealth(needed('ready'));
  violations.expect('INV-72', health === worst, () => `the whole is ${health}, its worst is ${worst}`);
  const said = told.get('')?.health;
  if (withdrawn && !phases.includes('notice')) return;
  violations.expect('INV-8', said === health, () => `the whole is ${health}, and was last said to be ${said}`);
}

function checkCounts({ violations, lost }: World, counts: SupervisorStats['lost']): void {
  for (const [name, count] of Object.entries(lost)) {
    const counted = counts[name as keyof typeof lost];
    violations.expect('INV-77', counted === count, () => `${counted} ${name} counted, ${count} told`);
  }
}

function checkCensus(world: World): void {
  const { violations, keeper, clients, peers, targets } = world;
  const seen = { supervisor: 0, monitor: 0, notifier: 0, session: 0, service: 0 };
  for (const { kind } of keeper.actors()) seen[kind] += 1;
  const known = { supervisor: 1, monitor: targets.size, notifier: clients.length, session: peers.size, service: 0 };
  violations.expect('INV-39', JSON.stringify(seen) === JSON.stringify(known), () => {
    return `there are ${JSON.stringify(seen)}, and should be ${JSON.stringify(known)}`;
  });
  const most = 3 * known.monitor + known.notifier + 2 * known.session + 2;
  violations.expect('INV-57', world.pending <= most, () => `${world.pending} timers for ${JSON.stringify(known)}`);
}
