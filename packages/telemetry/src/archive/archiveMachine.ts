import { type AnyEventObject, assign, type ErrorActorEvent, fromPromise, setup } from 'xstate';

/** What the keeping of an archive is made of. */
export interface ArchiveInput {
  /** Writes what is known now. */
  readonly save: () => Promise<void>;
  /** Lets go of the archive. */
  readonly release: () => Promise<void>;
  /** Hears why a save or the release failed. Must not throw. */
  readonly tellFailure: (cause: unknown) => void;
  readonly intervalMs: number;
  readonly urgentMs: number;
}

/** What it remembers. */
export interface ArchiveContext extends ArchiveInput {
  readonly saves: number;
  readonly failures: number;
  /** Something urgent happened during the save under way, which may have missed it. */
  readonly isOwed: boolean;
  readonly isLast: boolean;
}

const save = fromPromise<void, ArchiveContext>(async ({ input }) => input.save());
const release = fromPromise<void, ArchiveContext>(async ({ input }) => input.release());

const causeOf = ({ event }: { event: AnyEventObject }): unknown => (event as ErrorActorEvent).error;

/**
 * Saves every so often, soon after something urgent, and once more at the end; never twice at once.
 * @internal
 */
export const archiveMachine = setup({
  types: {
    context: {} as ArchiveContext,
    events: {} as { type: 'urge' } | { type: 'close' },
    input: {} as ArchiveInput,
  },
  actors: { save, release },
  actions: {
    begin: assign({ isOwed: false }),
    owe: assign({ isOwed: true }),
    noteLast: assign({ isLast: true }),
    countSave: assign({ saves: ({ context }) => context.saves + 1 }),
    countFailure: assign({ failures: ({ context }) => context.failures + 1 }),
    tellFailure: ({ context }, cause: unknown) => context.tellFailure(cause),
  },
  guards: {
    isLast: ({ context }) => context.isLast,
    isOwed: ({ context }) => context.isOwed,
  },
  delays: {
    interval: ({ context }) => context.intervalMs,
    urgent: ({ context }) => context.urgentMs,
  },
}).createMachine({
  id: 'archive',
  context: ({ input }) => ({ ...input, saves: 0, failures: 0, isOwed: false, isLast: false }),
  initial: 'waiting',
  states: {
    waiting: {
      after: { interval: 'saving' },
      on: { urge: 'urged', close: 'parting' },
    },
    urged: {
      after: { urgent: 'saving' },
      on: { close: 'parting' },
    },
    saving: {
      entry: 'begin',
      on: { urge: { actions: 'owe' }, close: { actions: 'noteLast' } },
      invoke: {
        src: 'save',
        input: ({ context }) => context,
        onDone: { target: 'saved', actions: 'countSave' },
        onError: { target: 'saved', actions: ['countFailure', { type: 'tellFailure', params: causeOf }] },
      },
    },
    saved: {
      always: [{ guard: 'isLast', target: 'parting' }, { guard: 'isOwed', target: 'urged' }, { target: 'waiting' }],
    },
    parting: {
      invoke: {
        src: 'save',
        input: ({ context }) => context,
        onDone: { target: 'releasing', actions: 'countSave' },
        onError: { target: 'releasing', actions: ['countFailure', { type: 'tellFailure', params: causeOf }] },
      },
    },
    releasing: {
      invoke: {
        src: 'release',
        input: ({ context }) => context,
        onDone: 'closed',
        onError: { target: 'closed', actions: ['countFailure', { type: 'tellFailure', params: causeOf }] },
      },
    },
    closed: { type: 'final' },
  },
});
