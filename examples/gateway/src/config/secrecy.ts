import type { OptionPath } from './problem.ts';

/** Options whose values, and all below them, are never shown. */
const secretNames: ReadonlySet<string | number> = new Set(['body', 'env', 'exec', 'headers', 'send', 'token', 'topic']);

const longestShown = 60;

/** A value of the configuration, fit for a log: whole secrets are hidden, and credentials in URLs. */
export function show(value: unknown, path: OptionPath): string {
  if (value === undefined) return 'left out';
  const isWebhook = path[0] === 'alerts' && path[2] === 'url';
  if (isWebhook || path.some((name) => secretNames.has(name))) return '(hidden)';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'a mapping';
  const text = JSON.stringify(value).replace(/(:\/\/)[^/@"]*@/g, '$1***@');
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}
