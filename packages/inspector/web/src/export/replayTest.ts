import type { Step } from '../../../src/protocol/step.ts';
import type { Recording } from '../store/recording.ts';

/** Machines that a test can import, by the kind of actor. */
const machines: Readonly<Record<string, string>> = {
  supervisor: 'supervisorMachine',
  monitor: 'monitorMachine',
  notifier: 'notifierMachine',
  session: 'sessionMachine',
};

/** Whether a recording can be made into a test: its machine must be one of ours, and its first state known. */
export function canBeTested({ actor: { kind }, from, steps }: Recording): boolean {
  return machines[kind] !== undefined && from !== undefined && steps.length > 0;
}

/** Returns a test for vitest: the recorded events lead the machine through the recorded states. */
export function replayTest({ app, at, actor: { kind, name }, from, steps }: Recording): string {
  const machine = machines[kind];
  const title = `goes the way that ${kind} ${name} of ${app} went until ${new Date(at).toISOString()}`;
  return `import { ${machine} } from '@watchkeeper/core';
import { replay } from '@watchkeeper/testing';
import { expect, it } from 'vitest';

it(${JSON.stringify(title)}, () => {
  const states = replay(${machine}, {
    from: ${JSON.stringify(from)},
    steps: [
${steps.map((step) => `      ${written(step)},`).join('\n')}
    ],
  });
  expect(states).toEqual([
${steps.map(({ value }) => `    ${JSON.stringify(value)},`).join('\n')}
  ]);
});
`;
}

function written({ type, raised, asked }: Step): string {
  const parts = [
    `event: ${JSON.stringify(type)}`,
    ...(raised.length === 0 ? [] : [`raised: ${JSON.stringify(raised)}`]),
    ...(asked.length === 0 ? [] : [`guards: ${JSON.stringify(asked)}`]),
  ];
  return `{ ${parts.join(', ')} }`;
}
