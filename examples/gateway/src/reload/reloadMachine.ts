import { assign, type DoneActorEvent, type ErrorActorEvent, fromPromise, setup } from 'xstate';

/** Outcome of a reload that was carried out. */
export type ReloadOutcome =
  /** In one line: what was touched, and what was left alone. */
  | { readonly type: 'applied'; readonly summary: string }
  /** The text is the one that was read last. */
  | { readonly type: 'same' };

/** Result of a reload, refused ones included. */
export type ReloadResult = ReloadOutcome | { readonly type: 'refused'; readonly cause: unknown };

/** Input of the reload machine. */
export interface ReloadInput {
  /** Reads, checks and carries out the configuration: all of it or, if it rejects, nothing. Must heed the signal. */
  readonly reload: (signal: AbortSignal) => Promise<ReloadOutcome>;
  /** How long to wait after a file has changed, in milliseconds: it may still be written to. */
  readonly settleMs: number;
  /** Called with the result of every reload. Must not throw. */
  readonly tell: (result: ReloadResult) => void;
}

const reload = fromPromise<ReloadOutcome, ReloadInput>(({ input, signal }) => input.reload(signal));

/** One reload at a time, the newest file last. A change under a reload begins it anew. */
export const reloadMachine = setup({
  types: {
    context: {} as ReloadInput & { readonly result: ReloadResult },
    events: {} as { type: 'changed' } | { type: 'asked' },
    input: {} as ReloadInput,
  },
  actors: { reload },
  actions: {
    noteOutcome: assign({ result: (_, outcome: ReloadOutcome) => outcome }),
    noteRefusal: assign({ result: (_, cause: unknown): ReloadResult => ({ type: 'refused', cause }) }),
    tell: ({ context: { result, tell } }) => tell(result),
  },
  delays: { settle: ({ context }) => context.settleMs },
}).createMachine({
  id: 'reload',
  context: ({ input }) => ({ ...input, result: { type: 'same' } }),
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
