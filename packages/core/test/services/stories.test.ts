import { describe, expect, it } from 'vitest';
import { createSupervisorOn } from '../../src/createSupervisor.ts';
import { monitorMachine as monitor } from '../../src/monitor/monitorMachine.ts';
import { notifierMachine as notifier } from '../../src/notifier/notifierMachine.ts';
import { serviceMachine } from '../../src/service/serviceMachine.ts';
import { sessionMachine as session } from '../../src/session/sessionMachine.ts';
import { compileCharts } from '../../src/supervisor/charts.ts';
import { supervisorMachine } from '../../src/supervisor/supervisorMachine.ts';
import { tellStory } from './stories.ts';

const stories = Number(process.env['WATCHKEEPER_STORIES'] ?? 150);
const first = Number(process.env['WATCHKEEPER_SEED'] ?? 0);

describe('random stories of services', () => {
  it('break no law (INV-79, INV-80, INV-81, INV-82, INV-83, INV-85, INV-86, INV-88, INV-101, INV-103)', async () => {
    for (let seed = first; seed < first + stories; seed += 1) {
      expect(await tellStory(seed), `seed ${seed}`).toEqual([]);
    }
  });

  const mutants = {
    'begins whatever it depends on': [
      { service: serviceMachine.provide({ guards: { mayBegin: () => true } }) },
      'INV-81',
    ],
    'stops all at once': [
      {
        supervisor: supervisorMachine.provide({
          actions: {
            stopServices: ({ context }) => {
              for (const { actor } of context.children.services) actor.send({ type: 'stop', reason: 'drain' });
            },
          },
        }),
      },
      'INV-83',
    ],
    'lets services begin in a drain': [
      { supervisor: supervisorMachine.provide({ actions: { closeServices: () => {} } }) },
      'INV-86',
    ],
    'never says that a run has ended': [
      { service: serviceMachine.provide({ actions: { reportRunEnd: () => {} } }) },
      'INV-82',
    ],
    'tells nobody to stop': [{ service: serviceMachine.provide({ actions: { tellStop: () => {} } }) }, 'INV-82'],
  } as const;

  it.each(Object.entries(mutants))('notice a supervisor that %s', async (_name, [changed, law]) => {
    const charts = compileCharts({
      monitor,
      notifier,
      session,
      service: serviceMachine,
      supervisor: supervisorMachine,
      ...changed,
    });
    const broken = new Set<string>();
    for (let seed = 0; seed < 400 && !broken.has(law); seed += 1) {
      const found = await tellStory(seed, (options) => createSupervisorOn(charts, options)).catch(() => []);
      for (const violation of found) broken.add(violation.split(':')[0] ?? '');
    }
    expect([...broken]).toContain(law);
  });
});
