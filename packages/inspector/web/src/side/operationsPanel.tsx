import type { BroadcastProgress } from '../../../src/protocol/operation.ts';
import { usePage } from '../store/page.ts';
import { count, milliseconds } from '../ui/format.ts';
import { DrainPanel } from './drainPanel.tsx';

/** Operations that take a while: the drain, and the latest broadcast. */
export function OperationsPanel() {
  const { actors } = usePage();
  if (actors.operations.length === 0) return null;
  return (
    <section class="operations" aria-label="Operations">
      <h2>Operations</h2>
      {actors.operations.map((operation) =>
        operation.type === 'drain' ? (
          <DrainPanel key="drain" drain={operation} />
        ) : (
          <Broadcast key="broadcast" broadcast={operation} />
        ),
      )}
    </section>
  );
}

function Broadcast({ broadcast: { words, notifiers, lost, converged } }: { readonly broadcast: BroadcastProgress }) {
  return (
    <div class="operation">
      <p>
        <b>Broadcast</b>
        <span class="soft operation-words">{words}</span>
        <span class="operation-count">
          {converged === undefined
            ? `to ${count(notifiers)}`
            : `${count(converged.told)}/${count(notifiers)} in ${milliseconds(converged.tookMs)} ms`}
          {lost > 0 && <span class="says-unhealthy"> · {count(lost)} lost</span>}
        </span>
      </p>
    </div>
  );
}
