import { assign, setup } from 'xstate';
import { limitCalls, note } from '../traceNotes.ts';

export interface Context {
  count: number;
  log: string[];
}

export const context: Context = { count: 0, log: [] };

/** The setup that most sample machines share; each of its actions leaves a note, so that the order shows. */
export const named = setup({
  types: {} as { context: Context },
  actions: {
    say: ({ context: { count }, event }, params: { word: string }) => {
      note('say', [params.word, count, event.type]);
      limitCalls();
    },
    shout: ({ event }) => note('shout', event.type),
    bump: assign({ count: ({ context: { count } }) => count + 1 }),
    add: assign({ count: ({ context: { count } }, params: { by: number }) => count + params.by }),
    reset: assign({ count: 0 }),
  },
  guards: {
    isEven: ({ context: { count } }) => count % 2 === 0,
    isBelow: ({ context: { count } }, params: { limit: number }) => count < params.limit,
    never: () => false,
  },
  delays: { short: 10, grown: ({ context: { count } }) => 10 + count * 5 },
});

export const say = (word: string) => ({ type: 'say' as const, params: { word } });
export const below = (limit: number) => ({ type: 'isBelow' as const, params: { limit } });
