import { isDeepStrictEqual } from 'node:util';
import type { AlertDesk, DestinationPlan } from './alerts/desk.ts';
import type { Destination } from './alerts/destination.ts';
import { gotify } from './alerts/gotify.ts';
import { ntfy } from './alerts/ntfy.ts';
import { slack } from './alerts/slack.ts';
import { webhook } from './alerts/webhook.ts';
import type { Config, DestinationConfig } from './config/schema.ts';

function destinationOf(config: DestinationConfig): Destination {
  switch (config.kind) {
    case 'webhook':
      return webhook(config);
    case 'ntfy':
      return ntfy(config);
    case 'gotify':
      return gotify(config);
    case 'slack':
      return slack(config);
  }
}

const planOf = (config: DestinationConfig): DestinationPlan => ({
  destination: destinationOf(config),
  policy: config.retry,
});

/** Makes the desk's destinations those of `after`; who stays the same is not touched. Says how many were. */
export function adoptDestinations(desk: AlertDesk, before: Config['alerts'], after: Config['alerts']): number {
  let touched = 0;
  for (const name of Object.keys(before)) {
    if (Object.hasOwn(after, name)) continue;
    desk.remove(name);
    touched += 1;
  }
  for (const [name, config] of Object.entries(after)) {
    const was = before[name];
    if (was === undefined) desk.add(name, planOf(config));
    else if (isDeepStrictEqual(was, config)) continue;
    else desk.update(name, planOf(config));
    touched += 1;
  }
  return touched;
}
