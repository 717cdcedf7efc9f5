import { sendTo } from 'xstate';
import type { MonitorEvent } from './events.ts';
import { withChecks } from './monitorChecks.ts';
import { alertThreshold } from './monitorOptions.ts';

/** How a monitor's chart raises one alert for each outage, and clears it. */
export const withAlerts = withChecks.extend({
  actions: {
    raiseAlert: sendTo(
      ({ context }) => context.listener,
      ({ context: { id, detail, streaks } }): MonitorEvent => ({
        type: 'alert.raised',
        id,
        failures: streaks.failures,
        ...(detail === undefined ? {} : { detail }),
      }),
    ),
    clearAlert: sendTo(
      ({ context }) => context.listener,
      ({ context: { id } }): MonitorEvent => ({ type: 'alert.cleared', id }),
    ),
  },
  guards: {
    isAlertDue: ({ context }) => context.streaks.failures >= alertThreshold(context.options),
  },
});
