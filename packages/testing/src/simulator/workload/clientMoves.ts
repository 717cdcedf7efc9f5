import type { Notifier } from '@watchkeeper/core';
import { settle } from '../../clock/settle.ts';
import { SimulatedClient } from '../simulated/client.ts';
import type { World } from '../world.ts';
import { expectRefusal } from './expectRefusal.ts';
import { type Move, topics } from './move.ts';

const keys = ['ann', 'bob', 'cy', 'dee'] as const;
const register: Move = {
  name: 'register a client',
  weight: 6,
  play(world) {
    // Many clients are told to go, evicted or broken at once: a large crowd would never gather one by one.
    const keys = Array.from({ length: Math.ceil(world.crowd / 6) }, () => registerOne(world));
    return keys.filter((key) => key !== undefined).join(', ') || undefined;
  },
};

function registerOne(world: World): string | undefined {
  const { random, clients } = world;
  if (clients.length >= world.crowd) return undefined;
  return registerAs(world, clients.length < keys.length ? random.pick(keys) : `c${random.below(world.crowd)}`);
}

function registerAs(world: World, key: string): string {
  const { random, keeper, clients } = world;
  const chosen = random.chance(0.3) ? [...new Set([random.pick(topics), random.pick(topics)])] : undefined;
  const behaviour = random.pick(['take', 'take', 'hold', 'hold', 'fail']);
  const client = new SimulatedClient(key, behaviour, chosen, random.chance(0.5), world.violations, world.isLive);
  if (world.ended) return expectRefusal(world, 'INV-19', 'NOT_ADMITTING', () => keeper.notifier(key, client.deliver));
  const former = clients.find((one) => one.key === key && !one.over);
  expectWelcome(world, client);
  if (world.ending !== undefined) world.ending.clients += 1;
  clients.push(client);
  // Who chooses its topics stands for the same client as the first session.
  const [peer] = chosen === undefined ? [] : world.peers;
  client.session = peer?.session?.id;
  client.notifier = keeper.notifier(key, client.deliver, { topics: chosen, session: client.session });
  world.expectSettled(client.notifier.closed);
  if (random.chance(0.2)) returnOnClose(world, client.notifier, random.pick([5, 40]));
  world.violations.expect(
    'INV-6',
    former === undefined || former.notifier?.state === 'closed',
    () => `two clients are ${key}`,
  );
  return key;
}

/** Registers a client again a little after it was closed, whatever it was closed for. */
function returnOnClose(world: World, { key, closed }: Notifier, afterMs: number): void {
  const comeBack = () => {
    // The events of its end may not have been read.
    if (world.rushed) world.after(afterMs, comeBack);
    else if (world.clients.length < world.crowd) registerAs(world, key);
  };
  void closed.then((reason) => {
    if (reason !== 'replaced') world.after(afterMs, comeBack);
  });
}

/** Enters in its account what a client that comes now must be told: the present state, or to go (INV-8). */
function expectWelcome(world: World, client: SimulatedClient): void {
  const { phases, told } = world;
  if (phases.includes('goaway') || phases.includes('force')) {
    client.dismissed = true;
    client.account.accepted = 1;
    return;
  }
  const withdrawn = phases.includes('notice');
  for (const topic of told.keys()) {
    if (client.follows(topic) || (topic === '' && withdrawn)) client.account.accepted += 1;
  }
}

const release: Move = {
  name: 'let a slow client take',
  weight: 6,
  play({ random, clients }) {
    const client = random.pickAny(clients.filter(({ holds }) => holds));
    client?.release();
    return client?.key;
  },
};

const releaseMany: Move = {
  name: 'let a slow client take many',
  weight: 3,
  async play({ random, clients }) {
    const client = random.pickAny(clients.filter(({ holds }) => holds));
    if (client === undefined) return undefined;
    const most = random.between(2, 40);
    let took = 0;
    for (; took < most && client.holds; took++) {
      client.release();
      await settle();
    }
    return `${client.key}: ${took}`;
  },
};

const changeBehaviour: Move = {
  name: 'change how a client takes',
  weight: 3,
  play({ random, clients }) {
    const client = random.pickAny(clients);
    if (client === undefined) return undefined;
    client.behaviour = random.pick(['take', 'take', 'hold', 'fail']);
    return `${client.key}: ${client.behaviour}`;
  },
};

const leave: Move = {
  name: 'a client leaves',
  weight: 2,
  play({ random, clients }) {
    const client = random.pickAny(clients);
    client?.notifier?.close();
    return client?.key;
  },
};

const broadcast: Move = {
  name: 'broadcast',
  weight: 12,
  play({ random, keeper }) {
    const topic = random.pick(topics);
    const health = random.pick(['healthy', 'unhealthy', 'degraded']);
    keeper.broadcast({ type: 'health', topic, health });
    return `${topic}=${health}`;
  },
};

const storm: Move = {
  name: 'change many topics at once',
  weight: 2,
  play({ random, keeper, crowd }) {
    const topics = random.pick([5, 20, 20, Math.max(50, crowd / 2)]);
    const changes = topics * random.between(1, 3);
    for (let change = 0; change < changes; change++) {
      // Some change more than others.
      const topic = random.below(random.chance(0.5) ? topics : Math.ceil(topics / 10));
      keeper.broadcast({ type: 'health', topic: `storm ${topic}`, health: random.pick(['healthy', 'unhealthy']) });
    }
    return `${changes} changes of ${topics} topics`;
  },
};

const dismiss: Move = {
  name: 'tell all clients to go',
  weight: 0.3,
  play({ random, keeper, crowd }) {
    // As with an end: a crowd needs time to gather.
    if (crowd > 6 && !random.chance(6 / crowd)) return undefined;
    keeper.broadcast({ type: 'goaway', reason: 'scaled up', graceMs: 100 });
    return 'goaway';
  },
};

/** Moves of clients, and of what is told to them. */
export const clientMoves: readonly Move[] = [register, release, changeBehaviour, leave, broadcast, dismiss];

/** Moves of a crowd: storms of changes, and clients that are slow in them. */
export const stormMoves: readonly Move[] = [storm, releaseMany];
