import type { World } from '../world.ts';
import { clientMoves } from './clientMoves.ts';
import { timeMoves } from './clockFaults.ts';
import { relationMoves } from './dependencyMoves.ts';
import { endMoves } from './drainMoves.ts';
import { peerMoves } from './peerMoves.ts';
import { targetMoves } from './targetMoves.ts';

/** One thing that may happen to a supervisor. */
export interface Move {
  readonly name: string;
  /** How often it is drawn, beside the weights of the others. */
  readonly weight: number;
  /** Makes it happen; answers a word on what was moved, or nothing when it was not possible now. */
  play(world: World): string | undefined | Promise<string | undefined>;
}

const moves: readonly Move[] = [
  ...clientMoves,
  ...peerMoves,
  ...targetMoves,
  ...relationMoves,
  ...timeMoves,
  ...endMoves,
];
const total = moves.reduce((sum, { weight }) => sum + weight, 0);

/** Draws a move by weight. */
export function drawMove({ dice }: World): Move {
  let left = dice.next() * total;
  for (const move of moves) {
    left -= move.weight;
    if (left < 0) return move;
  }
  return moves[0] as Move;
}
