import { useMemo } from 'preact/hooks';
import type { ChartState } from '../../../src/chart/chartGraph.ts';
import type { Box } from '../../../src/chart/drawing.ts';
import type { Chart } from '../chart/chart.ts';
import { ChartView } from '../chart/chartView.tsx';
import { CoverageButton, CoveragePanel } from '../chart/coveragePanel.tsx';
import { offeredTransitions } from '../chart/sendableEvents.ts';
import type { StateLook } from '../chart/stateBox.tsx';
import { toneOf } from '../chart/stateColour.ts';
import { useChart } from '../chart/useChart.ts';
import { ExportMenu } from '../export/exportMenu.tsx';
import { standingAt, standings } from '../store/actorStatus.ts';
import type { Resident } from '../store/actors.ts';
import { coveredByOne } from '../store/coverage.ts';
import { kindWords } from '../store/groups.ts';
import { momentsOf } from '../store/moments.ts';
import { usePage } from '../store/page.ts';
import { CommandButtons } from './commandButtons.tsx';
import { ReplayBar } from './replayBar.tsx';
import { ActorTabs } from './tabs/actorTabs.tsx';

/** One actor: its chart with the active path lit, now or at a moment of its past, and what happened to it. */
export function ActorView({ resident }: { readonly resident: Resident }) {
  const { population, view, focus, replay, connection } = usePage();
  const chart = useChart(resident.kind);
  const { from, steps, entries, passages } = focus;
  replay.moments = useMemo(
    () => momentsOf({ from, steps, entries, passages }, chart?.graph),
    [from, steps, entries, passages, chart],
  );
  const { moment } = replay;
  const paths = moment?.paths ?? population.pathsOf(resident.slot);
  const latest = moment ?? replay.moments.findLast(({ taken }) => taken.size > 0);
  const standing = moment === undefined ? standingAt(population.standings[resident.slot] ?? 0) : standingIn(paths);
  const active = new Set(paths);
  const lookOf = ({ path, name, type }: ChartState): StateLook => {
    const isActive = active.has(path);
    const own = toneOf(name);
    return {
      tone:
        isActive && own === 'neutral' && type === 'atomic' ? 'neutral' : isActive && own === 'neutral' ? standing : own,
      heat: isActive ? 0.6 : 0,
      isActive,
      isChosen: false,
    };
  };
  const { follows, showsCoverage } = view.choices;
  const covered = showsCoverage && chart !== undefined ? coveredByOne(replay.moments, paths) : undefined;
  const isNow = moment === undefined && connection.link === 'live';
  const offered = isNow && chart !== undefined ? offeredTransitions(chart.graph, paths, focus.offers) : nothingTaken;
  const shown = chart === undefined ? undefined : focusBox(chart, active);
  return (
    <section class="actor" aria-label={`Actor ${resident.name}`}>
      <div class="centre-head">
        <nav class="crumbs" aria-label="Path">
          <button type="button" class="text-button" onClick={() => view.choose({ selected: undefined })}>
            Population
          </button>
          <span aria-hidden="true">/</span>
          <span>{kindWords(resident.kind).plural}</span>
          <span aria-hidden="true">/</span>
          <h2>{resident.name}</h2>
        </nav>
        <div class="commands">
          <CommandButtons resident={resident} />
          <ExportMenu resident={resident} chart={chart} />
        </div>
      </div>
      {chart === undefined ? (
        <p class="nothing">{population.wordsOf(resident.slot)}</p>
      ) : (
        <ChartView
          key={resident.kind}
          chart={chart}
          mode="actor"
          label={`The states of ${resident.name}: ${population.wordsOf(resident.slot)}`}
          lookOf={lookOf}
          onChoose={(path) =>
            view.choose({ selected: undefined, kind: resident.kind, state: { kind: resident.kind, path } })
          }
          taken={latest?.taken ?? nothingTaken}
          takenKey={latest?.key ?? ''}
          covered={covered}
          offered={offered}
          onTake={(index) => connection.send(chart.graph.transitions[index]?.on ?? '')}
          {...(follows && shown !== undefined ? { focus: shown } : {})}
        >
          {covered !== undefined && (
            <CoveragePanel graph={chart.graph} covered={covered} scope="by it in the moments that are kept" />
          )}
          <CoverageButton kind={resident.kind} />
          <button type="button" aria-pressed={follows} onClick={() => view.choose({ follows: !follows })}>
            Follow
          </button>
        </ChartView>
      )}
      <ReplayBar />
      <ActorTabs resident={resident} chart={chart} />
    </section>
  );
}

const nothingTaken: ReadonlySet<number> = new Set();

/** What states of the past amounted to: the standing that one of them is called by. */
function standingIn(paths: readonly string[]): string {
  const names = paths.map((path) => path.split('.').at(-1) ?? '');
  return names.map(toneOf).find((tone) => (standings as readonly string[]).includes(tone)) ?? 'neutral';
}

/** The box around the innermost active states: what the camera should show. */
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
