import { assign, type DoneActorEvent, type ErrorActorEvent, fromPromise, setup } from 'xstate';

/** What a reload came to. */
export type ReloadOutcome =
  /** In one line: what was touched, and what was left alone. */
  | { readonly type: 'applied'; readonly summary: string }
  /** The text is the one that was read last. */
  | { readonly type: 'same' };

/** What hears of reloads. */
export type ReloadFact = ReloadOutcome | { readonly type: 'refused'; readonly cause: unknown };

/** What a reloader is made of. */
export interface ReloadInput {
  /** Reads, checks and carries out the configuration: all of it or, if it rejects, nothing. Must heed the signal. */
  readonly reload: (signal: AbortSignal) => Promise<ReloadOutcome>;
  /** How long to wait after a file has changed, in milliseconds: it may still be written to. */
  readonly settleMs: number;
  /** Hears what every reload came to. Must not throw. */
  readonly tell: (fact: ReloadFact) => void;
}

const reload = fromPromise<ReloadOutcome, ReloadInput>(({ input, signal }) => input.reload(signal));

/** One reload at a time, the newest file last. A change under a reload begins it anew. */
export const reloadMachine = setup({
  types: {
    context: {} as ReloadInput & { readonly fact: ReloadFact },
    events: {} as { type: 'changed' } | { type: 'asked' },
    input: {} as ReloadInput,
  },
  actors: { reload },
  actions: {
    noteOutcome: assign({ fact: (_, outcome: ReloadOutcome) => outcome }),
    noteRefusal: assign({ fact: (_, cause: unknown): ReloadFact => ({ type: 'refused', cause }) }),
    tell: ({ context: { fact, tell } }) => tell(fact),
  },
  delays: { settle: ({ context }) => context.settleMs },
}).createMachine({
  id: 'reload',
  context: ({ input }) => ({ ...input, fact: { type: 'same' } }),
  initial: 'idle',
  states: {
    idle: { on: { changed: 'settling', asked: 'reloading' } },
    settling: { after: { settle: 'reloading' }, on: { asked: 'reloading' } },
    reloading: {
      invoke: {
        src: 'reload',
        input: ({ context }) => context,
        onDone: {
          target: 'idle',
          actions: [
            {
              type: 'noteOutcome',
              params: ({ event }: { event: DoneActorEvent<ReloadOutcome> }) => event.output,
            },
            'tell',
          ],
        },
        onError: {
          target: 'idle',
          actions: [{ type: 'noteRefusal', params: ({ event }: { event: ErrorActorEvent }) => event.error }, 'tell'],
        },
      },
      on: { changed: 'settling', asked: { target: 'reloading', reenter: true } },
    },
  },
});
