import { actorStatuses } from '../store/actorStatus.ts';

const names = [...actorStatuses, 'none', 'text', 'muted', 'panel', 'accent'] as const;

/** Name of a colour for a canvas: a status, or one of the page's own. */
export type ColourName = (typeof names)[number];

let theme = '';
let colours = new Map<string, string>();

/** Returns a colour of the style sheet; a status may be given by its number. */
export function colourOf(name: ColourName | number): string {
  const present = document.documentElement.dataset['theme'] ?? '';
  if (present !== theme || colours.size === 0) {
    theme = present;
    const style = getComputedStyle(document.documentElement);
    colours = new Map(names.map((each) => [each, style.getPropertyValue(`--${each}`).trim()]));
  }
  return colours.get(typeof name === 'number' ? (actorStatuses[name] ?? 'stopped') : name) ?? '';
}
