import { type PeerBehaviour, SimulatedPeer } from '../simulated/peer.ts';
import type { World } from '../world.ts';
import { expectRefusal } from './expectRefusal.ts';
import type { Move } from './move.ts';

const names = [undefined, '10.0.0.1', '10.0.0.2', '10.0.0.3'] as const;

const reserve: Move = {
  name: 'reserve a slot',
  weight: 8,
  play(world) {
    const { random, keeper, violations, held, drawn, load } = world;
    const peer = random.pick(names);
    const taken = held.length + world.openPeers;
    if (taken >= world.crowd) return undefined;
    const whileDraining = world.ending !== undefined && random.chance(0.3);
    const answer = keeper.reserve(peer, { whileDraining });
    const ofPeer = peer === undefined ? 0 : count(world, peer);
    const full =
      (drawn.maxSessions > 0 && taken >= drawn.maxSessions) ||
      (drawn.maxSessionsPerPeer > 0 && peer !== undefined && ofPeer >= drawn.maxSessionsPerPeer);
    const closed = world.ended || (world.ending !== undefined && !whileDraining);
    const short = full ? 'capacity' : load === 'high' ? 'overload' : undefined;
    const expected = closed ? 'draining' : world.ending === undefined ? short : undefined;
    const met = answer.reserved ? undefined : answer.reason;
    violations.expect(expected === 'draining' ? 'INV-19' : 'INV-17', met === expected, () => {
      return `peer ${peer} was answered ${met ?? 'a slot'} with ${taken} taken, ${ofPeer} by it`;
    });
    // Nobody is told of a refusal after the end; it is counted all the same.
    if (world.ended) world.lost.refused += 1;
    if (!answer.reserved) return `${peer}: ${answer.reason}`;
    if (expected !== undefined) {
      answer.release();
      return `${peer}: given in spite of ${expected}`;
    }
    if (random.chance(0.3)) held.push({ slot: answer, peer });
    else return open(world, answer, peer);
    return `${peer}: held`;
  },
};

function count({ held, peers }: World, name: string): number {
  let found = held.filter(({ peer }) => peer === name).length;
  for (const peer of peers) if (peer.name === name) found += 1;
  return found;
}

function open(world: World, slot: World['held'][number]['slot'], name: string | undefined): string {
  const { random, ending } = world;
  const behaviour: PeerBehaviour = {
    onGoaway: random.pick(['leave', 'leave', 'ignore', 'ignore', 'throw', 'reject']),
    onClose: random.pick(['done', 'done', 'wait', 'hang', 'throw', 'reject']),
  };
  const peer = new SimulatedPeer(name, behaviour, world);
  peer.session = slot.open(peer);
  world.peers.add(peer);
  world.expectSettled(peer.session.closed);
  if (ending !== undefined) {
    ending.stragglers += 1;
  }
  return `${peer.session.id} of ${name}: ${behaviour.onGoaway}, ${behaviour.onClose}`;
}

const openHeld: Move = {
  name: 'open a slot that was held',
  weight: 4,
  play(world) {
    const { random, held } = world;
    const chosen = random.pickAny(held);
    if (chosen === undefined) return undefined;
    if (world.ended) {
      return expectRefusal(world, 'INV-19', 'NOT_ADMITTING', () =>
        chosen.slot.open(new SimulatedPeer(undefined, promptPeer, world)),
      );
    }
    held.splice(held.indexOf(chosen), 1);
    const opened = open(world, chosen.slot, chosen.peer);
    chosen.slot.release();
    return opened;
  },
};

const promptPeer: PeerBehaviour = { onGoaway: 'leave', onClose: 'done' };

const giveBack: Move = {
  name: 'give a slot back',
  weight: 2,
  play({ random, held }) {
    const chosen = random.pickAny(held);
    if (chosen === undefined) return undefined;
    held.splice(held.indexOf(chosen), 1);
    for (let times = random.between(1, 3); times > 0; times--) chosen.slot.release();
    return String(chosen.peer);
  },
};

const leave: Move = {
  name: 'a peer leaves',
  weight: 4,
  play({ random, peers }) {
    const session = random.pickAny([...peers])?.session;
    for (let times = random.between(1, 2); times > 0; times--) session?.end();
    return session?.id;
  },
};

const end: Move = {
  name: 'an adapter ends a session',
  weight: 2,
  play({ random, peers }) {
    const session = random.pickAny([...peers])?.session;
    const reason = random.pick(['stalled', 'failed', 'replaced']);
    session?.end(reason);
    return session && `${session.id}: ${reason}`;
  },
};

const announce: Move = {
  name: 'a peer says that it is going',
  weight: 2,
  play({ random, peers, violations, drawn, after }) {
    const peer = random.pickAny([...peers]);
    const session = peer?.session;
    if (peer === undefined || session === undefined) return undefined;
    const before = session.state;
    const timeoutMs = random.pick([0, 100, 1_000]);
    if (drawn.onPeerGoaway === 'close' && !session.peerLeaving) {
      after(timeoutMs, () => {
        peer.overdue = true;
      });
    }
    session.peerGoaway(timeoutMs);
    violations.expect(
      'INV-36',
      session.peerLeaving || before === 'closed',
      () => `session ${session.id} did not take note`,
    );
    violations.expect(
      'INV-36',
      session.state === before,
      () => `session ${session.id} was ${before} and is ${session.state}`,
    );
    violations.expect('INV-37', !session.takesWork, () => `session ${session.id} takes work of a peer that leaves`);
    return `${session.id} in ${timeoutMs} ms`;
  },
};

const finish: Move = {
  name: 'a slow close comes to its end',
  weight: 3,
  play({ random, peers }) {
    const peer = random.pickAny([...peers].filter(({ closedFor }) => closedFor !== undefined));
    peer?.finish();
    return peer?.session?.id;
  },
};

const changeLoad: Move = {
  name: 'the load changes',
  weight: 1,
  play(world) {
    world.load = world.random.pick(['normal', 'normal', 'high', 'broken']);
    return world.load;
  },
};

/** Moves of slots and sessions. */
export const peerMoves: readonly Move[] = [reserve, openHeld, giveBack, leave, end, announce, finish, changeLoad];
