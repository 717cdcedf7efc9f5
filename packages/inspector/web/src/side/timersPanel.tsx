import { usePage } from '../store/page.ts';

/** Timers of the selected actor, each with the time that is left. */
export function TimersPanel() {
  const { selectedActor, actors } = usePage();
  if (selectedActor.countdowns.length === 0) return null;
  const now = actors.now;
  return (
    <section>
      <h2>Next</h2>
      {selectedActor.countdowns.map(({ state, delay, delayMs, dueAt }) => {
        const leftMs = Math.max(0, dueAt - now);
        const passed = delayMs === 0 ? 100 : 100 - (Math.min(leftMs, delayMs) * 100) / delayMs;
        return (
          <div key={`${state} ${delay}`}>
            <div class="countdown">
              <span>
                {delay} <span class="soft">in {state.split('.').at(-1)}</span>
              </span>
              <b>{leftMs === 0 ? 'now' : `${(leftMs / 1_000).toFixed(1)} s`}</b>
            </div>
            <div
              class="progress"
              role="progressbar"
              aria-label={`Time until ${delay}`}
              aria-valuemin={0}
              aria-valuemax={100}
              aria-valuenow={Math.round(passed)}
            >
              <i style={{ width: `${passed}%` }} />
            </div>
          </div>
        );
      })}
    </section>
  );
}
