import { useEffect } from 'preact/hooks';
import { usePage } from '../store/page.ts';

/** The keys of the page and what they do, as the side panel shows them. */
export const keyHelp: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['/'], 'find'],
  [['j', 'k'], 'move'],
  [['n'], 'next problem'],
  [['enter'], 'inspect'],
  [['esc'], 'back to population'],
  [['1', '2', '3', '4'], 'events, sequence, timeline, trace'],
  [['r'], 'replay'],
  [[',', '.'], 'one event back, on'],
  [['space'], 'pause the view'],
  [['t'], 'theme'],
];

/** Actions of the list that keys call. */
export type ListKeys = {
  move(by: number): void;
  toEnd(end: 'first' | 'last'): void;
  nextProblem(): void;
  open(): void;
};

let listKeys: ListKeys | undefined;

/** Lets the list take part in the keyboard while it is shown. */
export function useListKeys(keys: ListKeys): void {
  listKeys = keys;
}

/** Listens to the keyboard of the whole page. */
export function useKeys(): void {
  const { view, connection, replay } = usePage();
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const find = document.getElementById('find') as HTMLInputElement | null;
      const isWriting = target === find;
      if (target.matches('select, input[type="text"]')) {
        if (event.key === 'Escape') target.blur();
        return;
      }
      if (event.key === 'Escape') {
        if (isWriting) find?.blur();
        if (replay.moment !== undefined) {
          replay.leave();
          return;
        }
        view.choose(
          view.choices.selected === undefined
            ? { find: '', statuses: new Set(), state: undefined }
            : { selected: undefined },
        );
        return;
      }
      if (event.key === '/' || (event.key === 'k' && (event.metaKey || event.ctrlKey))) {
        if (isWriting) return;
        event.preventDefault();
        find?.focus();
        find?.select();
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey) return;
      if (isWriting && !['ArrowDown', 'ArrowUp', 'Enter'].includes(event.key)) return;
      const isOnControl = !isWriting && target.closest('button, a, input, [role="tab"]') !== null;
      if (isOnControl && (event.key === 'Enter' || event.key === ' ')) return;
      const isSlider = target.matches('input[type="range"]');
      if (isSlider && /^(Arrow|Page|Home|End)/.test(event.key)) return;
      if (!act(event.key, target)) return;
      event.preventDefault();
    };
    const act = (key: string, target: HTMLElement): boolean => {
      const isTab = target.getAttribute('role') === 'tab';
      if (isTab && key.startsWith('Arrow')) return false;
      switch (key) {
        case 'j':
        case 'ArrowDown':
          return does(() => listKeys?.move(1));
        case 'k':
        case 'ArrowUp':
          return does(() => listKeys?.move(-1));
        case 'PageDown':
          return does(() => listKeys?.move(15));
        case 'PageUp':
          return does(() => listKeys?.move(-15));
        case 'Home':
          return does(() => listKeys?.toEnd('first'));
        case 'End':
          return does(() => listKeys?.toEnd('last'));
        case 'n':
          return does(() => listKeys?.nextProblem());
        case 'Enter':
          return does(() => listKeys?.open());
        case 't':
          return does(() => view.choose({ theme: view.choices.theme === 'dark' ? 'light' : 'dark' }));
        case '1':
          return does(() => view.choose({ tab: 'events' }));
        case '2':
          return does(() => view.choose({ tab: 'sequence' }));
        case '3':
          return does(() => view.choose({ tab: 'timeline' }));
        case '4':
          return does(() => view.choose({ tab: 'trace' }));
        case 'r':
          return does(() => (replay.plays ? replay.pause() : replay.play()));
        case ',':
          return does(() => replay.step(-1));
        case '.':
          return does(() => replay.step(1));
        case ' ':
          return does(() => connection.togglePause());
        default:
          return false;
      }
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [view, connection, replay]);
}

function does(work: () => void): true {
  work();
  return true;
}

/** Returns a key handler that calls `press` on Enter and Space, for what is no button element. */
export function pressKeys(press: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    event.stopPropagation();
    press();
  };
}
