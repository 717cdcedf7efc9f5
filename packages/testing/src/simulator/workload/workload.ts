import type { World } from '../world.ts';
import { clientMoves, stormMoves } from './clientMoves.ts';
import { clockFaults } from './clockFaults.ts';
import { dependencyMoves } from './dependencyMoves.ts';
import { drainMoves } from './drainMoves.ts';
import type { Move } from './move.ts';
import { peerMoves } from './peerMoves.ts';
import { targetMoves } from './targetMoves.ts';

const moves: readonly Move[] = [
  ...clientMoves,
  ...peerMoves,
  ...targetMoves,
  ...dependencyMoves,
  ...clockFaults,
  ...drainMoves,
];
/** How large a crowd is at least in which there are storms. */
const stormCrowd = 30;

const movesInStorms: readonly Move[] = [...moves, ...stormMoves];
const weightOf = (all: readonly Move[]): number => all.reduce((sum, { weight }) => sum + weight, 0);
const total = weightOf(moves);
const totalInStorms = weightOf(movesInStorms);

/** Draws the next operation of the workload, by weight. */
export function drawMove({ random, crowd }: World): Move {
  const isStorm = crowd >= stormCrowd;
  const drawn = isStorm ? movesInStorms : moves;
  let left = random.next() * (isStorm ? totalInStorms : total);
  for (const move of drawn) {
    left -= move.weight;
    if (left < 0) return move;
  }
  return drawn[0] as Move;
}
