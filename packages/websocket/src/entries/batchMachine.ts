import { assertEvent, setup } from 'xstate';
import { type Batch, Batches, type BatchKey } from './batches.ts';

/** Input of the batch machine. */
export interface BatchInput {
  readonly maxEntries: number;
  readonly batchMs: number;
  /** Receives each complete batch. Must not throw. */
  readonly emit: (batch: Batch) => void;
}

/** Events of the batch machine. `entry` is JSON. */
export type BatchEvent =
  | { readonly type: 'entry'; readonly key: BatchKey; readonly entry: string }
  | { readonly type: 'flush' };

/** Collects entries by topic and scope, until there are enough of them or the oldest has waited long enough. */
export const batchMachine = setup({
  types: {
    context: {} as BatchInput & { readonly batches: Batches },
    events: {} as BatchEvent,
    input: {} as BatchInput,
  },
  actions: {
    collect: ({ context: { batches, maxEntries, emit }, event }) => {
      assertEvent(event, 'entry');
      const batch = batches.add(event.key, event.entry);
      if (batch.entries.length < maxEntries) return;
      batches.take(event.key);
      emit(batch);
    },
    emitAll: ({ context: { batches, emit } }) => {
      for (const batch of batches.takeAll()) emit(batch);
    },
  },
  delays: { batch: ({ context }) => context.batchMs },
}).createMachine({
  id: 'batch',
  context: ({ input }) => ({ ...input, batches: new Batches() }),
  initial: 'empty',
  states: {
    empty: { on: { entry: { target: 'collecting', actions: 'collect' } } },
    collecting: {
      exit: 'emitAll',
      after: { batch: 'empty' },
      on: { entry: { actions: 'collect' }, flush: 'empty' },
    },
  },
});
