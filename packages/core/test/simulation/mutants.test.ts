import { SimulationError, simulate } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { createSupervisorOn } from '../../src/createSupervisor.ts';
import { monitorMachine as monitor } from '../../src/monitor/monitorMachine.ts';
import { notifierMachine as notifier } from '../../src/notifier/notifierMachine.ts';
import { serviceMachine as service } from '../../src/service/serviceMachine.ts';
import { sessionMachine as session } from '../../src/session/sessionMachine.ts';
import { compileCharts } from '../../src/supervisor/charts.ts';
import { supervisorMachine as supervisor } from '../../src/supervisor/supervisorMachine.ts';
import type { Mutant } from './mutant.ts';
import { mutants } from './mutants.ts';

/** No mutant may live longer than this. */
const stories = 300;
/** Stories in which each mutant was caught once. They are told first; stale, they cost time and nothing else. */
const telling = [2, 27, 147, 3, 0, 1, 4, 222, 14, 16, 69, 10, 50, 55, 25, 17, 63, 82, 97, 286, 202, 26, 24, 347];

/** The laws a mutant was found to break, up to the one that should notice it. */
async function convict({ law, charts }: Mutant): Promise<ReadonlySet<string>> {
  const compiled = compileCharts({ monitor, notifier, service, session, supervisor, ...charts });
  const broken = new Set<string>();
  for (const seed of [...telling, ...Array(stories).keys()]) {
    if (broken.has(law)) break;
    try {
      await simulate({ seed, createSupervisor: (options) => createSupervisorOn(compiled, options) });
    } catch (error) {
      if (!(error instanceof SimulationError)) throw error;
      for (const violation of error.violations) broken.add(violation.law);
    }
  }
  return broken;
}

describe('the simulator notices a supervisor that was made to', () => {
  it.each(mutants)('$name, by $law', async (mutant) => {
    expect(await convict(mutant)).toContain(mutant.law);
  });

  it('does nothing wrong as not guilty', async () => {
    for (let seed = 0; seed < 20; seed++) await simulate({ seed });
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });
});
