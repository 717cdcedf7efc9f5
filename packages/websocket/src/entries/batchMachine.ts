import { assertEvent, setup } from 'xstate';
import { type Audience, type Batch, Batches } from './batches.ts';

/** What a batcher is made of. */
export interface BatchInput {
  readonly maxEntries: number;
  readonly batchMs: number;
  /** Takes each batch that is complete. */
  readonly emit: (batch: Batch) => void;
}

/** What a batcher can be told. `entry` is JSON. */
export type BatchCommand =
  | { readonly type: 'entry'; readonly audience: Audience; readonly entry: string }
  | { readonly type: 'flush' };

/** Collects entries for each audience, until there are enough of them or the oldest has waited long enough. */
export const batchMachine = setup({
  types: {
    context: {} as BatchInput & { readonly batches: Batches },
    events: {} as BatchCommand,
    input: {} as BatchInput,
  },
  actions: {
    collect: ({ context: { batches, maxEntries, emit }, event }) => {
      assertEvent(event, 'entry');
      const batch = batches.add(event.audience, event.entry);
      if (batch.entries.length < maxEntries) return;
      batches.take(event.audience);
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
