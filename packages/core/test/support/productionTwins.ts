/** All that is bundled with XState's build for production. */
import { type AnyActorLogic, createActor } from 'xstate';
import { createLeanActor } from '../../src/actor/createLeanActor.ts';
import { compile } from '../../src/compile/compile.ts';
import { interpretedAndCompiled } from './interpretedAndCompiled.ts';
import { everySequence } from './machinePaths.ts';
import { sampleMachines } from './sampleMachines/sampleMachines.ts';
import { counting, outcome, strays } from './strayEvents.ts';

export { isDevelopmentBuild } from '../../src/xstate/build.ts';
export { compareRandomMachines } from './randomTwins.ts';

/** What comes of each stray event: interpreted, compiled, and compiled under a lean actor. */
export function strayOutcomes(): [name: string, interpreted: unknown, compiled: unknown, lean: unknown][] {
  return strays.map(([name, sent]) => [
    name,
    outcome(counting, sent, createActor),
    outcome(compile(counting) as AnyActorLogic, sent, createActor),
    outcome(compile(counting) as AnyActorLogic, sent, createLeanActor as never),
  ]);
}

/** Names of the sample machines whose twins differ. */
export function differingSamples(): string[] {
  return Object.entries(sampleMachines)
    .filter(([, machine]) =>
      everySequence(machine, 1).some((operations) => {
        const { interpreted, compiled } = interpretedAndCompiled(
          machine,
          [...operations, 'restore', ...operations, { passMs: 50 }, 'stop', ...operations],
          { input: 'some input' },
        );
        return interpreted.join() !== compiled.join();
      }),
    )
    .map(([name]) => name);
}
