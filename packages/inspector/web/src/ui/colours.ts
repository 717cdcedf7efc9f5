import { actorStatuses } from '../store/actorStatus.ts';

const names = [...actorStatuses, 'none', 'text', 'muted', 'panel', 'accent'] as const;

/** A colour a canvas may ask for: a status by its number, or one of the page's own. */
export type ColourName = (typeof names)[number];

let theme = '';
let colours = new Map<string, string>();

/** The colour the style sheet gives, as a canvas needs it. */
export function colourOf(name: ColourName | number): string {
  const present = document.documentElement.dataset['theme'] ?? '';
  if (present !== theme || colours.size === 0) {
    theme = present;
    const style = getComputedStyle(document.documentElement);
    colours = new Map(names.map((each) => [each, style.getPropertyValue(`--${each}`).trim()]));
  }
  return colours.get(typeof name === 'number' ? (actorStatuses[name] ?? 'stopped') : name) ?? '';
}
