import type { World } from '../world.ts';
import { clientMoves } from './clientMoves.ts';
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
const total = moves.reduce((sum, { weight }) => sum + weight, 0);

/** Draws the next operation of the workload, by weight. */
export function drawMove({ random }: World): Move {
  let left = random.next() * total;
  for (const move of moves) {
    left -= move.weight;
    if (left < 0) return move;
  }
  return moves[0] as Move;
}
