import { usePage } from '../../store/page.ts';
import { clockTime, count } from '../../ui/format.ts';

const rowsShown = 150;
const traceMs = 10_000;

/** Messages from and to the actor, while they are traced. */
export function TraceTab() {
  const { selectedActor, connection, actors } = usePage();
  const { trace } = selectedActor;
  const leftMs = Math.max(0, (trace?.endsAt ?? 0) - actors.now);
  const latest = (trace?.messages ?? []).slice(-rowsShown).reverse();
  return (
    <div class="trace">
      <p>
        <button
          type="button"
          class="command"
          disabled={connection.status !== 'live'}
          onClick={() => connection.trace(leftMs > 0 ? 0 : traceMs)}
        >
          {leftMs > 0 ? 'End the trace' : `Trace for ${traceMs / 1_000} s`}
        </button>{' '}
        <span class="soft">
          {leftMs > 0
            ? `${(leftMs / 1_000).toFixed(0)} s left; every actor pays while it runs.`
            : 'Every message from actor to actor. All actors pay while it runs, so it ends by itself.'}
          {trace !== undefined && trace.dropped > 0 && ` ${count(trace.dropped)} were too many and left out.`}
        </span>
      </p>
      {latest.length > 0 && (
        <table class="events">
          <thead class="unseen">
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Message</th>
              <th scope="col">From and to</th>
            </tr>
          </thead>
          <tbody>
            {latest.map(({ at, from = 'outside', to, type }, index) => (
              <tr key={`${at} ${latest.length - index}`}>
                <td class="event-time">{clockTime(at)}</td>
                <td class="event-type">{type}</td>
                <td class="event-words">
                  {from} › {to}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
