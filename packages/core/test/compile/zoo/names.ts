import { assign, setup } from 'xstate';
import { burn, note } from '../notes.ts';

export interface Context {
  count: number;
  log: string[];
}

export const context: Context = { count: 0, log: [] };

/** Names that most machines of the zoo share; each leaves a note, so that order shows. */
export const named = setup({
  types: {} as { context: Context },
  actions: {
    say: ({ context: { count }, event }, params: { word: string }) => {
      note('say', [params.word, count, event.type]);
      burn();
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
