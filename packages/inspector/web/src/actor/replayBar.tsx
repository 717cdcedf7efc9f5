import { usePage } from '../store/page.ts';
import { clockTime } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';

/** Controls that replay the past of the actor on its chart, moment by moment. */
export function ReplayBar() {
  const { replay, connection } = usePage();
  const { moments, moment, index, plays } = replay;
  if (moments.length < 2) return null;
  const present = connection.status === 'recording' ? 'End' : 'Live';
  const last = moments.length - 1;
  const said = moment === undefined ? present : `${clockTime(moment.at)}, ${moment.words}`;
  return (
    <section class={moment === undefined ? 'replay' : 'replay is-past'} aria-label="Replay">
      <button
        type="button"
        class="plain"
        aria-label="One event back"
        title="One event back (,)"
        disabled={index <= 0}
        onClick={() => replay.step(-1)}
      >
        <Icon name="back" />
      </button>
      <button
        type="button"
        class="plain"
        aria-label={plays ? 'Pause the replay' : 'Replay'}
        title={`${plays ? 'Pause' : 'Replay'} (r)`}
        onClick={() => (plays ? replay.pause() : replay.play())}
      >
        <Icon name={plays ? 'pause' : 'resume'} />
      </button>
      <button
        type="button"
        class="plain"
        aria-label="One event on"
        title="One event on (.)"
        disabled={index >= last}
        onClick={() => replay.step(1)}
      >
        <Icon name="on" />
      </button>
      <input
        type="range"
        min={0}
        max={last}
        value={index}
        aria-label="Moment"
        aria-valuetext={said}
        onInput={(event) => replay.goTo(Number(event.currentTarget.value))}
      />
      <span class="replay-words">
        {moment === undefined ? (
          <span class="soft">{moments.length} moments kept</span>
        ) : (
          <>
            <b>{clockTime(moment.at)}</b> {moment.words}{' '}
            <span class="soft">
              {index + 1}/{moments.length}
            </span>
          </>
        )}
      </span>
      <button type="button" class="text-button" aria-pressed={moment === undefined} onClick={() => replay.leave()}>
        {present}
      </button>
    </section>
  );
}
