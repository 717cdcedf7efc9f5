import type { ShownKind } from '../../../src/protocol/shownActor.ts';
import type { ActorStatus } from './actorStatus.ts';
import { RenderScheduler } from './renderScheduler.ts';

/** Choices of the user. */
export type Choices = {
  readonly find: string;
  /** Only actors of these statuses; empty for all. */
  readonly statuses: ReadonlySet<ActorStatus>;
  /** Only actors of this kind that are in this state. */
  readonly state: { readonly kind: ShownKind; readonly path: string } | undefined;
  readonly worstFirst: boolean;
  /** Kind whose chart is shown while no actor is selected. */
  readonly kind: ShownKind;
  /** The actorId of the selected actor. */
  readonly selected: string | undefined;
  /** Groups the user opened or closed; the others follow their health. */
  readonly folds: ReadonlyMap<string, boolean>;
  /** Whether states are shown as a chart or as a list; by default as the room allows. */
  readonly showsChart?: boolean;
  /** Tab below the chart of an actor. */
  readonly tab: 'events' | 'sequence' | 'timeline' | 'trace';
  readonly follows: boolean;
  /** Whether the chart shows what was never taken. */
  readonly showsCoverage: boolean;
  readonly theme: 'dark' | 'light';
};

/** Holder of the choices, which renders the page when they change. */
export class ViewOptions {
  readonly scheduler: RenderScheduler;
  /** Called with the selected actor, or with undefined for none. */
  onSelect: (actorId: string | undefined) => void = () => {};
  #choices: Choices;

  constructor(scheduler = new RenderScheduler()) {
    this.scheduler = scheduler;
    this.#choices = {
      find: '',
      statuses: new Set(),
      state: undefined,
      worstFirst: true,
      kind: 'monitor',
      selected: selectedInAddress(),
      folds: new Map(),
      tab: 'events',
      follows: true,
      showsCoverage: false,
      theme: storedTheme() ?? (matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark'),
    };
  }

  get choices(): Choices {
    return this.#choices;
  }

  choose(change: Partial<Choices>): void {
    this.#choices = { ...this.#choices, ...change };
    if ('selected' in change) {
      const { selected } = change;
      this.onSelect(selected);
      history.replaceState(null, '', selected === undefined ? '#' : `#a=${encodeURIComponent(selected)}`);
    }
    if (change.theme !== undefined) localStorage.setItem(themeKey, change.theme);
    this.scheduler.request();
  }

  toggleStatus(status: ActorStatus): void {
    const statuses = new Set(this.#choices.statuses);
    if (!statuses.delete(status)) statuses.add(status);
    this.choose({ statuses });
  }

  /** Shows only the actors in a state, or all again. */
  toggleState(kind: ShownKind, path: string): void {
    const { state } = this.#choices;
    const isChosen = state?.kind === kind && state.path === path;
    this.choose({ state: isChosen ? undefined : { kind, path } });
  }
}

const themeKey = 'watchkeeper.theme';

function storedTheme(): 'dark' | 'light' | undefined {
  const stored = localStorage.getItem(themeKey);
  return stored === 'dark' || stored === 'light' ? stored : undefined;
}

function selectedInAddress(): string | undefined {
  const selected = /^#a=(.+)$/.exec(location.hash)?.[1];
  return selected === undefined ? undefined : decodeURIComponent(selected);
}
