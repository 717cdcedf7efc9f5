import { createLeanActor } from '../actor/createLeanActor.ts';
import { DrainedClients } from '../drain/drainedClients.ts';
import { DrainHolds } from '../drain/drainHolds.ts';
import { GoawaySchedule } from '../drain/goawaySchedule.ts';
import type { DrainReport } from '../model/drainReport.ts';
import type { StartReport } from '../model/startReport.ts';
import type { Convergence } from '../notifier/convergence.ts';
import { RetainedNotices } from '../notifier/retainedNotices.ts';
import type { ActorOf } from '../registry/ended.ts';
import type { CompiledCharts } from './charts.ts';
import { reportOf } from './drainClients.ts';
import type { Client, SupervisorInput } from './supervisorContext.ts';
import { RestoredMonitors } from './supervisorSnapshot.ts';

/** The supervisor's own actor. */
export type RootActor = ActorOf<CompiledCharts['supervisor']>;

/** An actor of a supervisor that was not started yet, and its end. */
export interface Root {
  readonly actor: RootActor;
  /** Resolves with the one report, also when the actor dies. */
  readonly ended: Promise<DrainReport>;
  /** Resolves with how the start went. */
  readonly started: Promise<StartReport>;
}

/** The parts that the supervisor's own actor shares with its handle. */
export interface RootParts
  extends Omit<
    SupervisorInput,
    | 'reportDeath'
    | 'reportStart'
    | 'retainedNotices'
    | 'holds'
    | 'drainedClients'
    | 'goawaySchedule'
    | 'restoredMonitors'
  > {
  readonly convergence: Convergence;
  /** Whether somebody listens to events. */
  readonly isObserved: () => boolean;
}

/** Makes the supervisor's own actor. @param onEnd is called when its end has been told to whoever waits for it. */
export function createRoot(
  logic: CompiledCharts['supervisor'],
  { convergence, isObserved, ...parts }: RootParts,
  onEnd: () => void,
): Root {
  const { options, runtime } = parts;
  const { clock, random, runQueue } = runtime;
  const { maxPending } = options.notifier;
  let deathReport: DrainReport | undefined;
  let reportStart: SupervisorInput['reportStart'] = () => {};
  const started = new Promise<StartReport>((resolve) => {
    reportStart = resolve;
  });
  const input: SupervisorInput = {
    ...parts,
    reportStart,
    retainedNotices: new RetainedNotices(clock.now(), { runQueue, convergence, maxPending }),
    holds: new DrainHolds(),
    drainedClients: new DrainedClients({ isObserved, publish: parts.publish }),
    goawaySchedule: new GoawaySchedule<Client>(random),
    restoredMonitors: new RestoredMonitors(options.resume, options.resumeMaxAgeMs),
    reportDeath: (report) => {
      deathReport = report;
    },
  };
  const actor: RootActor = createLeanActor(logic, { id: 'supervisor', clock, input });
  const ended = new Promise<DrainReport>((resolve) => {
    const end = () =>
      runQueue.push(() => {
        const { output, context } = actor.getSnapshot();
        resolve(output ?? deathReport ?? { ...reportOf(context), reason: 'failed' });
        onEnd();
      });
    actor.subscribe({ complete: end, error: end });
  });
  return { actor, ended, started };
}
