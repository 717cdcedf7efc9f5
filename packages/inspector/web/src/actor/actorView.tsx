import { useMemo } from 'preact/hooks';
import type { ChartState } from '../../../src/chart/chartGraph.ts';
import type { Box } from '../../../src/chart/drawing.ts';
import type { Chart } from '../chart/chart.ts';
import { ChartView } from '../chart/chartView.tsx';
import { CoverageButton, CoveragePanel } from '../chart/coveragePanel.tsx';
import { sendableTransitions } from '../chart/sendableEvents.ts';
import type { StateLook } from '../chart/stateBox.tsx';
import { stateColour } from '../chart/stateColour.ts';
import { useChart } from '../chart/useChart.ts';
import { ExportMenu } from '../export/exportMenu.tsx';
import { actorStatuses, statusAt } from '../store/actorStatus.ts';
import type { ActorRow } from '../store/actors.ts';
import { coveredByOne } from '../store/coverage.ts';
import { kindLabel } from '../store/groups.ts';
import { momentsOf } from '../store/moments.ts';
import { usePage } from '../store/page.ts';
import { CommandButtons } from './commandButtons.tsx';
import { ReplayBar } from './replayBar.tsx';
import { ActorTabs } from './tabs/actorTabs.tsx';

/** One actor: its chart with the active states, now or at a moment of its past, and its events. */
export function ActorView({ actor }: { readonly actor: ActorRow }) {
  const { actors, view, selectedActor, replay, connection } = usePage();
  const chart = useChart(actor.kind);
  const { from, steps, entries, visitedStates } = selectedActor;
  replay.moments = useMemo(
    () => momentsOf({ from, steps, entries, visitedStates }, chart?.graph),
    [from, steps, entries, visitedStates, chart],
  );
  const { moment } = replay;
  const paths = moment?.paths ?? actors.pathsOf(actor.slot);
  const latest = moment ?? replay.moments.findLast(({ taken }) => taken.size > 0);
  const status = moment === undefined ? statusAt(actors.statuses[actor.slot] ?? 0) : statusIn(paths);
  const active = new Set(paths);
  const lookOf = ({ path, name, type }: ChartState): StateLook => {
    const isActive = active.has(path);
    const own = stateColour(name);
    return {
      colour:
        isActive && own === 'neutral' && type === 'atomic' ? 'neutral' : isActive && own === 'neutral' ? status : own,
      heat: isActive ? 0.6 : 0,
      isActive,
      isChosen: false,
    };
  };
  const { follows, showsCoverage } = view.choices;
  const covered = showsCoverage && chart !== undefined ? coveredByOne(replay.moments, paths) : undefined;
  const isNow = moment === undefined && connection.status === 'live';
  const sendable =
    isNow && chart !== undefined ? sendableTransitions(chart.graph, paths, selectedActor.allowedEvents) : nothingTaken;
  const shown = chart === undefined ? undefined : focusBox(chart, active);
  return (
    <section class="actor" aria-label={`Actor ${actor.name}`}>
      <div class="pane-head">
        <nav class="crumbs" aria-label="Path">
          <button type="button" class="text-button" onClick={() => view.choose({ selected: undefined })}>
            Population
          </button>
          <span aria-hidden="true">/</span>
          <span>{kindLabel(actor.kind).plural}</span>
          <span aria-hidden="true">/</span>
          <h2>{actor.name}</h2>
        </nav>
        <div class="commands">
          <CommandButtons actor={actor} />
          <ExportMenu actor={actor} chart={chart} />
        </div>
      </div>
      {chart === undefined ? (
        <p class="nothing">{actors.stateLabelOf(actor.slot)}</p>
      ) : (
        <ChartView
          key={actor.kind}
          chart={chart}
          mode="actor"
          label={`The states of ${actor.name}: ${actors.stateLabelOf(actor.slot)}`}
          lookOf={lookOf}
          onChoose={(path) => view.choose({ selected: undefined, kind: actor.kind, state: { kind: actor.kind, path } })}
          taken={latest?.taken ?? nothingTaken}
          takenKey={latest?.key ?? ''}
          covered={covered}
          sendable={sendable}
          onTake={(index) => connection.send(chart.graph.transitions[index]?.on ?? '')}
          {...(follows && shown !== undefined ? { focus: shown } : {})}
        >
          {covered !== undefined && (
            <CoveragePanel graph={chart.graph} covered={covered} scope="by it in the moments that are kept" />
          )}
          <CoverageButton kind={actor.kind} />
          <button type="button" aria-pressed={follows} onClick={() => view.choose({ follows: !follows })}>
            Follow
          </button>
        </ChartView>
      )}
      <ReplayBar />
      <ActorTabs actor={actor} chart={chart} />
    </section>
  );
}

const nothingTaken: ReadonlySet<number> = new Set();

/** Returns the status of past states: the one that a state is named by. */
function statusIn(paths: readonly string[]): string {
  const names = paths.map((path) => path.split('.').at(-1) ?? '');
  return names.map(stateColour).find((colour) => (actorStatuses as readonly string[]).includes(colour)) ?? 'neutral';
}

/** Returns the box around the innermost active states, for the camera. */
function focusBox({ drawings: { actor } }: Chart, active: ReadonlySet<string>): readonly [Box, Box] | undefined {
  const boxes = actor.map(({ states }) => {
    const leaves = states.filter(
      ({ path }) => active.has(path) && !states.some((other) => other.path.startsWith(`${path}.`)),
    );
    if (leaves.length === 0) return undefined;
    const left = Math.min(...leaves.map(({ box: [x] }) => x));
    const top = Math.min(...leaves.map(({ box: [, y] }) => y));
    const right = Math.max(...leaves.map(({ box: [x, , width] }) => x + width));
    const bottom = Math.max(...leaves.map(({ box: [, y, , height] }) => y + height));
    return [left, top, right - left, bottom - top] as const;
  });
  const [down, toRight] = boxes;
  return down === undefined || toRight === undefined ? undefined : [down, toRight];
}
