import type { Chart } from '../../chart/chart.ts';
import type { ActorRow } from '../../store/actors.ts';
import { usePage } from '../../store/page.ts';
import { EventsTab } from './eventsTab.tsx';
import { SequenceTab } from './sequenceTab.tsx';
import { TimelineTab } from './timelineTab.tsx';
import { TraceTab } from './traceTab.tsx';

const tabs = [
  ['events', 'Events'],
  ['sequence', 'Sequence'],
  ['timeline', 'State timeline'],
  ['trace', 'Trace'],
] as const;

/** Four views of the events of the actor, as tabs. */
export function ActorTabs({ actor, chart }: { readonly actor: ActorRow; readonly chart: Chart | undefined }) {
  const { view } = usePage();
  const { tab } = view.choices;
  return (
    <div class="actor-tabs">
      <div class="tab-line" role="tablist" aria-label="What happened">
        {tabs.map(([name, label], index) => (
          <button
            type="button"
            key={name}
            role="tab"
            id={`tab-${name}`}
            aria-selected={name === tab}
            aria-controls="actor-tabs"
            onClick={() => view.choose({ tab: name })}
          >
            {label} <kbd>{index + 1}</kbd>
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and who has no pointer must be able to scroll it. */}
      <div class="tab-body" id="actor-tabs" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={0}>
        {tab === 'events' && <EventsTab />}
        {tab === 'sequence' && <SequenceTab actor={actor} />}
        {tab === 'timeline' && <TimelineTab chart={chart} />}
        {tab === 'trace' && <TraceTab />}
      </div>
    </div>
  );
}
