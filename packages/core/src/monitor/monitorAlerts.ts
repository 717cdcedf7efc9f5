import { sendTo } from 'xstate';
import type { AlertHold, MonitorEvent } from '../events/events.ts';
import { withChecks } from './monitorChecks.ts';
import type { MonitorContext } from './monitorContext.ts';
import { alertThreshold } from './monitorOptions.ts';

const isAlertDue = ({ streaks, options }: MonitorContext): boolean => streaks.failures >= alertThreshold(options);

const isAlertHeld = (context: MonitorContext): boolean =>
  isAlertDue(context) && (context.flaps.flapping || context.rootCauseOf(context.id) !== undefined);

/** Why an alert that is held is. */
function holdOf({ id, rootCauseOf, flaps }: MonitorContext): AlertHold {
  const cause = rootCauseOf(id);
  return cause === undefined
    ? { reason: 'flapping', penalty: flaps.penalty }
    : { reason: 'dependency', rootCause: cause };
}

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
        ...holdOf(context),
      }),
    ),
    reportFlapping: sendTo(
      ({ context }) => context.listener,
      ({ context: { id, flaps } }): MonitorEvent => ({ type: 'flapping.began', id, penalty: flaps.penalty }),
    ),
    reportCalm: sendTo(
      ({ context }) => context.listener,
      ({ context: { id, flaps } }): MonitorEvent => ({ type: 'flapping.ended', id, penalty: flaps.penalty }),
    ),
    clearAlert: sendTo(
      ({ context }) => context.listener,
      ({ context: { id } }): MonitorEvent => ({ type: 'alert.cleared', id }),
    ),
  },
  guards: {
    isFlapping: ({ context }) => context.flaps.flapping,
    isCalm: ({ context }) => !context.flaps.flapping,
    isAlertDue: ({ context }) => isAlertDue(context),
    isAlertHeld: ({ context }) => isAlertHeld(context),
  },
});
