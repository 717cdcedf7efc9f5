import type { FeedState, Figures, Frame, Order } from './frame.ts';

const mostOrders = 14;
const mostLines = 8;

const byId = (id: string): HTMLElement => document.getElementById(id) ?? document.body;

/** An element with text and a tone; text is never read as HTML. */
function element(tag: string, text: string, { tone, className }: { tone?: string; className?: string } = {}) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (tone !== undefined) made.dataset['tone'] = tone;
  if (className !== undefined) made.className = className;
  return made;
}

function row(tone: string, ...parts: readonly HTMLElement[]): HTMLElement {
  const made = element('li', '', { tone });
  made.append(...parts);
  return made;
}

const clock = (at: number): string => new Date(at).toLocaleTimeString();
const money = (cents: number): string => `€${(cents / 100).toFixed(2)}`;

/** Everything that is shown, and nothing of how it came here. */
export class Screen {
  readonly #health = new Map<string, HTMLElement>();

  show(frame: Frame): void {
    if (frame.type === 'health') this.#showHealth(frame);
    else if (frame.type === 'snapshot') this.#showFigures(frame.value, frame.revision, frame.reset);
    else if (frame.type === 'entries') for (const order of frame.entries) this.#showOrder(order);
  }

  state(state: FeedState, words: string): void {
    const pill = byId('state');
    pill.textContent = state;
    pill.dataset['tone'] = state;
    const line = element('li', '');
    line.append(element('time', clock(Date.now())), element('span', words));
    prepend('log', line, mostLines);
  }

  /** Forgets what is no longer read. */
  forget(topic: string): void {
    byId(topic).replaceChildren();
    if (topic === 'health') this.#health.clear();
    if (topic === 'figures') byId('edition').textContent = '';
  }

  #showHealth({ topic, health, detail = '' }: Extract<Frame, { type: 'health' }>): void {
    const shown = row(
      health,
      element('b', topic === '' ? 'the whole' : topic),
      element('span', detail, { className: 'why' }),
      element('span', health, { className: 'end' }),
    );
    this.#health.get(topic)?.remove();
    this.#health.set(topic, shown);
    byId('health').replaceChildren(...[...this.#health].sort().map(([, each]) => each));
  }

  #showFigures({ orders, declined, cents, declinedLately }: Figures, revision: number, reset: boolean): void {
    byId('edition').textContent = `edition ${revision}${reset ? ', from scratch' : ''}`;
    const tiles = [
      ['orders', String(orders)],
      ['declined', String(declined)],
      ['declined lately', `${Math.round(declinedLately * 100)} %`],
      ['taken', money(cents)],
    ] as const;
    const built = tiles.map(([name, value]) => {
      const tile = document.createElement('div');
      tile.append(element('dt', name), element('dd', value));
      return tile;
    });
    byId('figures').replaceChildren(...built);
  }

  #showOrder({ at, what, cents, outcome, number }: Order): void {
    const parts = [
      element('b', `#${number}`),
      element('span', `${what}, ${money(cents)}`, { className: 'why' }),
      element('span', outcome, { className: 'end' }),
    ];
    const shown = row(outcome, ...parts);
    shown.title = clock(at);
    prepend('orders', shown, mostOrders);
  }
}

function prepend(list: string, shown: HTMLElement, most: number): void {
  const into = byId(list);
  into.prepend(shown);
  while (into.children.length > most) into.lastElementChild?.remove();
}
