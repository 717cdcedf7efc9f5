import { type Health, healths } from '@watchkeeper/core';
import { oneOf, type Rule, type Rules, requireOption, resolveOptions } from '@watchkeeper/core/options';
import { escaped, widthOf } from './svgText.ts';

/** Tone of a badge, which gives its colour. */
export type BadgeTone = 'good' | 'fair' | 'bad' | 'neutral';

/** Texts and tone of a badge. */
export interface Badge {
  /** On the left: the subject. */
  readonly label: string;
  /** On the right: its state. */
  readonly message: string;
  readonly tone: BadgeTone;
}

/** Each dark enough for white text (a contrast of 4.5 to 1). */
const colours: Readonly<Record<BadgeTone, string>> = {
  good: '#28733b',
  fair: '#8a5a00',
  bad: '#b3261e',
  neutral: '#5a5f66',
};

const tones: Readonly<Record<Health, BadgeTone>> = {
  healthy: 'good',
  degraded: 'fair',
  reconnecting: 'fair',
  unhealthy: 'bad',
  error: 'bad',
  stale: 'bad',
  starting: 'neutral',
  paused: 'neutral',
  stopped: 'neutral',
};

const string: Rule<string> = { is: 'a string', accepts: (value): value is string => typeof value === 'string' };

const rules: Rules<Badge> = { label: string, message: string, tone: oneOf('good', 'fair', 'bad', 'neutral') };

const shareRule: Rule<number | undefined> = {
  is: 'a number from 0 to 1, or undefined',
  accepts: (value): value is number | undefined =>
    value === undefined || (typeof value === 'number' && !(value < 0 || value > 1)),
};

const marginPx = 6;

/**
 * Draws a badge as SVG: two texts side by side, with a title for screen readers. The texts are escaped.
 *
 * @example
 * ```ts
 * import { badge } from '@watchkeeper/telemetry';
 *
 * const svg = badge({ label: 'uptime 30d', message: '99.98%', tone: 'good' }); // serve as image/svg+xml
 * ```
 */
export function badge(given: Badge): string {
  const { label, message, tone } = resolveOptions<Badge>('badge', rules, {} as Badge, given === undefined ? {} : given);
  const [left, right] = [widthOf(label), widthOf(message)];
  const split = left + 2 * marginPx;
  const width = split + right + 2 * marginPx;
  const title = escaped(`${label}: ${message}`);
  const text = (words: string, x: number, wordsWidth: number) =>
    `<text x="${x}" y="14" textLength="${wordsWidth}" lengthAdjust="spacingAndGlyphs">${escaped(words)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    `<clipPath id="edge"><rect width="${width}" height="20" rx="3"/></clipPath>`,
    `<g clip-path="url(#edge)"><rect width="${split}" height="20" fill="#3a3f45"/>`,
    `<rect x="${split}" width="${width - split}" height="20" fill="${colours[tone]}"/></g>`,
    '<g fill="#fff" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11">',
    text(label, marginPx, left),
    text(message, split + marginPx, right),
    '</g></svg>',
  ].join('');
}

/** Draws a badge with the health of a target. */
export function healthBadge(label: string, health: Health): string {
  requireOption('healthBadge.health', oneOf(...healths), health);
  return badge({ label, message: health, tone: tones[health] });
}

/**
 * Draws a badge with the uptime of a target.
 *
 * @param uptime the share of time from 0 to 1; `undefined` where nothing is known.
 * @example
 * ```ts
 * import { createSupervisor } from '@watchkeeper/core';
 * import { keepHistory, uptimeBadge } from '@watchkeeper/telemetry';
 *
 * const history = keepHistory(createSupervisor());
 * const svg = uptimeBadge('api, 30 days', history.uptime('api', '30d'));
 * ```
 */
export function uptimeBadge(label: string, uptime: number | undefined): string {
  requireOption('uptimeBadge.uptime', shareRule, uptime);
  if (uptime === undefined || Number.isNaN(uptime)) return badge({ label, message: 'unknown', tone: 'neutral' });
  // Cut, not rounded: less than all is never shown as all.
  const message = `${(Math.floor(uptime * 10_000) / 100).toFixed(2).replace(/\.?0+$/, '')}%`;
  return badge({ label, message, tone: uptime >= 0.999 ? 'good' : uptime >= 0.99 ? 'fair' : 'bad' });
}
