import { type AnyEventObject, assign, type ErrorActorEvent, fromPromise, setup } from 'xstate';

/** Input of the archive machine. */
export interface ArchiveInput {
  /** Writes the present state. */
  readonly save: () => Promise<void>;
  /** Closes the archive. */
  readonly release: () => Promise<void>;
  /** Called with the reason when a save or the release failed. Must not throw. */
  readonly reportFailure: (cause: unknown) => void;
  readonly intervalMs: number;
  readonly urgentMs: number;
}

/** Context of the archive machine. */
export interface ArchiveContext extends ArchiveInput {
  readonly saves: number;
  readonly failures: number;
  /** Something urgent happened during the save under way, which may have missed it. */
  readonly isDueAgain: boolean;
  /** The archive closes after the save under way. */
  readonly isLast: boolean;
}

const save = fromPromise<void, ArchiveContext>(async ({ input }) => input.save());
const release = fromPromise<void, ArchiveContext>(async ({ input }) => input.release());

const causeOf = ({ event }: { event: AnyEventObject }): unknown => (event as ErrorActorEvent).error;

/**
 * Machine that saves at intervals, soon after something urgent, and once more on close; never twice at once.
 * @internal
 */
export const archiveMachine = setup({
  types: {
    context: {} as ArchiveContext,
    events: {} as { type: 'saveSoon' } | { type: 'close' },
    input: {} as ArchiveInput,
  },
  actors: { save, release },
  actions: {
    clearDueAgain: assign({ isDueAgain: false }),
    markDueAgain: assign({ isDueAgain: true }),
    markLast: assign({ isLast: true }),
    countSave: assign({ saves: ({ context }) => context.saves + 1 }),
    countFailure: assign({ failures: ({ context }) => context.failures + 1 }),
    reportFailure: ({ context }, cause: unknown) => context.reportFailure(cause),
  },
  guards: {
    isLast: ({ context }) => context.isLast,
    isDueAgain: ({ context }) => context.isDueAgain,
  },
  delays: {
    interval: ({ context }) => context.intervalMs,
    urgent: ({ context }) => context.urgentMs,
  },
}).createMachine({
  id: 'archive',
  context: ({ input }) => ({ ...input, saves: 0, failures: 0, isDueAgain: false, isLast: false }),
  initial: 'waiting',
  states: {
    waiting: {
      after: { interval: 'saving' },
      on: { saveSoon: 'dueSoon', close: 'savingLast' },
    },
    dueSoon: {
      after: { urgent: 'saving' },
      on: { close: 'savingLast' },
    },
    saving: {
      entry: 'clearDueAgain',
      on: { saveSoon: { actions: 'markDueAgain' }, close: { actions: 'markLast' } },
      invoke: {
        src: 'save',
        input: ({ context }) => context,
        onDone: { target: 'saved', actions: 'countSave' },
        onError: { target: 'saved', actions: ['countFailure', { type: 'reportFailure', params: causeOf }] },
      },
    },
    saved: {
      always: [
        { guard: 'isLast', target: 'savingLast' },
        { guard: 'isDueAgain', target: 'dueSoon' },
        { target: 'waiting' },
      ],
    },
    savingLast: {
      invoke: {
        src: 'save',
        input: ({ context }) => context,
        onDone: { target: 'releasing', actions: 'countSave' },
        onError: { target: 'releasing', actions: ['countFailure', { type: 'reportFailure', params: causeOf }] },
      },
    },
    releasing: {
      invoke: {
        src: 'release',
        input: ({ context }) => context,
        onDone: 'closed',
        onError: { target: 'closed', actions: ['countFailure', { type: 'reportFailure', params: causeOf }] },
      },
    },
    closed: { type: 'final' },
  },
});
