import { readdirSync } from 'node:fs';
import {
  type Covered,
  type Exploration,
  type ExploreOptions,
  explore,
  type ProductExploration,
} from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import { root, sourceFiles } from '../sourceFiles.ts';

interface Explored extends Exploration {
  readonly name: string;
  readonly package: string;
}

interface Product {
  readonly exploreDrain: () => ProductExploration;
  readonly drainLaws: object;
}

let all: Promise<readonly Explored[]> | undefined;

/** The charts of all packages, explored as each package's own tests do; once, whoever asks. */
function everyChart(): Promise<readonly Explored[]> {
  all ??= exploreAll();
  return all;
}

async function exploreAll(): Promise<readonly Explored[]> {
  const packages = readdirSync(`${root}/packages`).sort();
  const explored = packages.map(async (folder): Promise<readonly Explored[]> => {
    const path = `packages/${folder}/test/exhaustive/charts.ts`;
    if (sourceFiles([`packages/${folder}/test`], /exhaustive\/charts\.ts$/).length === 0) return [];
    const { charts } = (await import(`${root}/${path}`)) as {
      charts: () => readonly { machine: AnyStateMachine; explorations: readonly ExploreOptions[] }[];
    };
    return charts().map(({ machine, explorations }) => ({
      ...explore(machine, ...explorations),
      name: machine.id,
      package: folder,
    }));
  });
  return (await Promise.all(explored)).flat();
}

const shareOf = ({ all, missing }: Covered): string => `${all.length - missing.length} of ${all.length}`;

const head = ['chart', 'package', 'states entered', 'transitions taken', 'configurations', 'steps'];

/** The table as the formatter of pages lays it out. */
function tableOf(explored: readonly Explored[]): string {
  const rows = explored.map(({ name, package: folder, coverage, states, steps }) =>
    [name, folder, shareOf(coverage.states), shareOf(coverage.transitions), states, steps].map(String),
  );
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function neverOf(missing: readonly string[]): string {
  return missing.map((name) => `- ${name}`).join('\n');
}

function pageOf(explored: readonly Explored[], product: ProductExploration, laws: readonly string[]): string {
  const { supervisor, session } = product.coverage as Record<'supervisor' | 'session', Explored['coverage']>;
  return `# What exploration meets of the charts

Made by \`npx vitest run test/docs/coverage.test.ts -u\`, and compared by the same test. Each chart is taken through every
event, every delay and every end of an invoked actor, from every state that can be reached, by \`explore\` of
\`@watchkeeper/testing\`. States and transitions are those of the drawing; configurations are what \`explore\` tells apart:
where the chart stands, and what of the context decides. What each chart is given stands in
\`packages/<package>/test/exhaustive\`.

${tableOf(explored)}

## A session and its supervisor

\`exploreProduct\` takes both together: every order of admit, drain, stop, abort, leave, failure and timer, and every order in
which the messages of one reach the other. ${product.states} configurations, ${product.steps} steps. In all of them:

${laws.map((law) => `- ${law}`).join('\n')}

The session entered ${shareOf(session.states)} states and took ${shareOf(session.transitions)} transitions. What no order
leads to, since messages keep theirs:

${neverOf(session.transitions.missing)}

The supervisor entered ${shareOf(supervisor.states)} states; it was given no monitors and no failures of its own.

The real supervisor and sessions are taken through every order of what is done to them by
\`packages/core/test/exhaustive/product.test.ts\`.
`;
}

describe('docs/coverage.md', () => {
  it('says what exploration meets of every chart, and that is all of it (else run this test with -u)', async () => {
    const explored = await everyChart();
    const missed = explored.filter(
      ({ coverage, isComplete }) =>
        !isComplete || coverage.states.missing.length > 0 || coverage.transitions.missing.length > 0,
    );
    expect(missed.map(({ name }) => name)).toEqual([]);
    const { exploreDrain, drainLaws } = (await import(
      `${root}/packages/core/test/exhaustive/drainProduct.ts`
    )) as Product;
    const page = pageOf(explored, exploreDrain(), Object.keys(drainLaws));
    await expect(page).toMatchFileSnapshot(`${root}/docs/coverage.md`);
  });

  it('leaves no chart of a package out', async () => {
    const names = new Set((await everyChart()).map(({ name }) => name));
    const made = sourceFiles(['packages'], /\/src\/.*\.ts$/).flatMap(({ source }) =>
      [...source.matchAll(/createMachine\(\{\n\s+id: '(\w+)'/g)].map(([, id]) => id as string),
    );
    expect(made.length).toBeGreaterThan(10);
    expect(made.filter((id) => !names.has(id))).toEqual([]);
  });
});
