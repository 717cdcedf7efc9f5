/** State of the desk, as the program sends it. */
export type DeskView = {
  readonly targets: readonly { readonly id: string; readonly what: string; readonly on: readonly string[] }[];
  readonly targetLevers: readonly LeverView[];
  readonly mainLevers: readonly LeverView[];
};

type LeverView = { readonly key: string; readonly name: string; readonly does: string };

/** Whoever pulls the levers that are shown. */
export type Pull = (key: string, target?: string) => void;

const mostLines = 40;

const byId = (id: string): HTMLElement => document.getElementById(id) ?? document.body;

/** An element with text; text is never read as HTML. */
function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  text: string,
  className = '',
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className !== '') made.className = className;
  return made;
}

/** Its name, with the letter that stands for it underlined where it has it. */
function nameOf({ key, name }: LeverView): (string | HTMLElement)[] {
  const at = name.indexOf(key);
  return at < 0 ? [name] : [name.slice(0, at), element('u', key), name.slice(at + 1)];
}

/** Everything that is shown. */
export class Screen {
  readonly #pull: Pull;
  readonly #health = new Map<string, { readonly health: string; readonly detail: string }>();
  #view: DeskView | undefined;
  #chosen = 0;

  constructor(pull: Pull) {
    this.#pull = pull;
  }

  /** The id of the target that letters are for. */
  get chosen(): string | undefined {
    return this.#view?.targets[this.#chosen]?.id;
  }

  choose(place: number): void {
    if (this.#view?.targets[place] === undefined) return;
    this.#chosen = place;
    this.#drawTargets();
  }

  show(view: DeskView): void {
    const isFirst = this.#view === undefined;
    this.#view = view;
    this.#drawTargets();
    if (isFirst) byId('levers').replaceChildren(...view.mainLevers.map((lever) => this.#mainLever(lever)));
  }

  health(topic: string, health: string, detail: string): void {
    this.#health.set(topic, { health, detail });
    if (topic !== '') {
      this.#drawTargets();
      return;
    }
    const whole = byId('whole');
    whole.textContent = health;
    whole.dataset['tone'] = health;
  }

  log(words: string, tone?: string): void {
    const line = element('li', '');
    if (tone !== undefined) line.dataset['tone'] = tone;
    line.append(element('time', new Date().toLocaleTimeString()), element('span', words));
    const log = byId('log');
    log.prepend(line);
    while (log.children.length > mostLines) log.lastElementChild?.remove();
  }

  /** Drawn anew each time, but in place: whoever has a button in focus keeps it. */
  #drawTargets(): void {
    const list = byId('targets');
    const { targets = [], targetLevers = [] } = this.#view ?? {};
    while (list.children.length < targets.length) list.append(this.#targetRow(list.children.length, targetLevers));
    for (const [place, { id, what, on }] of targets.entries()) {
      const row = list.children[place];
      const { health, detail } = this.#health.get(id) ?? { health: 'starting', detail: '' };
      row?.setAttribute('aria-current', String(place === this.#chosen));
      row?.querySelector('.title')?.replaceChildren(element('b', id), element('span', ` ${what}`, 'what'));
      const says = row?.querySelector<HTMLElement>('.says');
      says?.replaceChildren(element('em', health), detail === '' ? '' : ` – ${detail}`);
      if (says) says.dataset['tone'] = health;
      for (const button of row?.querySelectorAll('button') ?? []) {
        button.setAttribute('aria-pressed', String(on.includes(button.dataset['name'] ?? '')));
      }
    }
  }

  #targetRow(place: number, levers: readonly LeverView[]): HTMLElement {
    const row = element('li', '');
    const text = element('div', '');
    text.append(element('span', '', 'title'), element('span', '', 'says'));
    const keys = element('div', '', 'keys');
    for (const lever of levers) {
      const button = element('button', '');
      button.append(...nameOf(lever));
      button.title = lever.does;
      button.dataset['name'] = lever.name;
      button.addEventListener('click', () => {
        this.choose(place);
        const { chosen } = this;
        if (chosen !== undefined) this.#pull(lever.key, chosen);
      });
      keys.append(button);
    }
    row.append(element('kbd', String(place + 1)), text, keys);
    return row;
  }

  #mainLever(lever: LeverView): HTMLElement {
    const shown = element('li', '');
    const button = element('button', '');
    button.append(element('kbd', lever.key), lever.name);
    button.addEventListener('click', () => this.#pull(lever.key));
    shown.append(button, element('p', lever.does));
    return shown;
  }
}
