import { sendTo } from 'xstate';
import type { MonitorEvent } from './events.ts';
import { withChecks } from './monitorChecks.ts';
import type { MonitorContext } from './monitorContext.ts';
import { alertThreshold } from './monitorOptions.ts';

const isAlertDue = ({ streaks, options }: MonitorContext): boolean => streaks.failures >= alertThreshold(options);

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
    reportHold: sendTo(
      ({ context }) => context.listener,
      ({ context }): MonitorEvent => ({
        type: 'alert.held',
        id: context.id,
        failures: context.streaks.failures,
        ...(context.detail === undefined ? {} : { detail: context.detail }),
        reason: 'dependency',
        rootCause: context.rootCause() ?? context.id,
      }),
    ),
    clearAlert: sendTo(
      ({ context }) => context.listener,
      ({ context: { id } }): MonitorEvent => ({ type: 'alert.cleared', id }),
    ),
  },
  guards: {
    isAlertDue: ({ context }) => isAlertDue(context),
    isAlertHeld: ({ context }) => isAlertDue(context) && context.rootCause() !== undefined,
  },
});
