import { planes } from '@watchkeeper/core';
import { z } from 'zod';
import { retryDefaults } from '../alerts/retryPolicy.ts';

/** An object that takes no option it does not know; its error lists those that it knows, for `readConfig`. */
const options = <TShape extends z.ZodRawShape>(shape: TShape) =>
  z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : undefined),
  });

const text = z.string().min(1);
const ids = z.array(text);
const positiveMs = z
  .number()
  .positive()
  .max(2 ** 31 - 1);
/** The end of the program must fit into what Kubernetes gives it. */
const longestCloseMs = 5_000;
const positiveCount = z.int().min(1);
const port = z.int().min(0).max(65_535);
const webUrl = z.url({ protocol: /^https?$/, error: 'an http or https URL' });
const prefix = z
  .string()
  .regex(/^\/[\w.~-]+(\/[\w.~-]+)*$/, { error: 'a path such as /app, without a slash at its end' });

/** How monitors ask and judge. Their values are held against core's own rules. */
const cadence = {
  intervalMs: z.number(),
  edgeIntervalMs: z.number(),
  downIntervalMs: z.number(),
  timeoutMs: z.number(),
  staggerMs: z.number(),
  jitter: z.number(),
  failureThreshold: z.number(),
  successThreshold: z.number(),
  startThreshold: z.number(),
  initialHealth: z.enum(['starting', 'healthy', 'degraded', 'unhealthy']),
  alertAfter: z.number(),
  flapHalfLifeMs: z.number(),
  flapSuppress: z.number(),
  flapReuse: z.number(),
  startGraceMs: z.number(),
  errorThreshold: z.number(),
  errorIntervalMs: z.number(),
  requiredFor: z.array(z.enum(planes)),
  tags: ids,
  keptFailures: z.number(),
};
const cadenceNames = Object.keys(cadence).filter((name) => name !== 'requiredFor' && name !== 'tags');

const route = options({
  /** What is asked: a URL, a program, or other routes. */
  url: text,
  exec: z.tuple([text], z.string()),
  of: ids.min(1),
  need: z.union([z.literal('all'), z.literal('any'), positiveCount], {
    error: '"all", "any" or a whole number of 1 or more',
  }),
  panicThreshold: z.number().min(0).max(1),
  /** Options of the probe, as `@watchkeeper/probes` has them. */
  with: z.record(z.string(), z.unknown()),
  /** An agent that asks in our place. */
  via: options({ agent: webUrl, token: text.optional() }),
  /** What is asked where the first cannot answer (INV-70). */
  fallback: text,
  proxy: prefix,
  notify: ids,
  dependsOn: ids,
  ...cadence,
})
  .partial()
  .superRefine((given, { addIssue }) => {
    const refuse = (path: string[], rule: string) => addIssue({ code: 'custom', path, message: rule });
    const kinds = (['url', 'exec', 'of'] as const).filter((kind) => given[kind] !== undefined);
    const [kind] = kinds;
    if (kinds.length !== 1) return refuse([], 'a route with exactly one of url, exec and of');
    const misplaced: readonly (keyof typeof given)[] =
      kind === 'url'
        ? ['need', 'panicThreshold']
        : kind === 'exec'
          ? ['need', 'panicThreshold', 'via', 'fallback', 'proxy']
          : ['with', 'via', 'fallback'];
    for (const name of misplaced) if (given[name] !== undefined) refuse([name], `left out where a route has ${kind}`);
    if (kind === 'of') {
      for (const name of cadenceNames) {
        if (name in given) refuse([name], 'left out: a route of others is judged when one of them changes');
      }
    }
    if (given.url !== undefined && given.proxy !== undefined && !/^https?:/.test(given.url)) {
      refuse(['proxy'], 'left out where the url is not http or https');
    }
  });

const policy = options({
  attempts: positiveCount.default(retryDefaults.attempts),
  firstDelayMs: positiveMs.default(retryDefaults.firstDelayMs),
  maxDelayMs: positiveMs.default(retryDefaults.maxDelayMs),
  timeoutMs: positiveMs.default(retryDefaults.timeoutMs),
  maxQueued: positiveCount.default(retryDefaults.maxQueued),
  closeMs: positiveMs.max(longestCloseMs).default(retryDefaults.closeMs),
}).prefault({});

const destination = z.discriminatedUnion(
  'kind',
  [
    options({
      kind: z.literal('webhook'),
      url: webUrl,
      headers: z.record(z.string(), z.string()).optional(),
      retry: policy,
    }),
    options({
      kind: z.literal('ntfy'),
      url: webUrl.default('https://ntfy.sh'),
      topic: text,
      token: text.optional(),
      retry: policy,
    }),
    options({ kind: z.literal('gotify'), url: webUrl, token: text, retry: policy }),
    options({ kind: z.literal('slack'), url: webUrl, retry: policy }),
  ],
  { error: 'one of "webhook", "ntfy", "gotify", "slack"' },
);

/** A whole configuration. */
export const configSchema = options({
  listen: options({ host: text.default('127.0.0.1'), port: port.default(8_080) }).prefault({}),
  inspector: options({ port }).optional(),
  /** What routes do that say nothing else (INV-74). */
  defaults: options(cadence).partial().default({}),
  routes: z.record(text, route),
  alerts: z.record(text, destination).default({}),
});

export type Config = z.output<typeof configSchema>;
export type Route = Config['routes'][string];
export type DestinationConfig = Config['alerts'][string];
