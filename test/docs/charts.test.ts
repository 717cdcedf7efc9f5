import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { root } from '../sourceFiles.ts';

// A tool in plain JavaScript, which has no types.
const { svgOf } = (await import(`${root}/tools/charts/svg.mjs`)) as { svgOf: (kind: string, chart: unknown) => string };

const charts: Record<string, { graph: { states: { name: string }[] } }> = JSON.parse(
  readFileSync(`${root}/packages/inspector/web/public/charts.json`, 'utf8'),
);

const pictureOf = (kind: string) => readFileSync(`${root}/docs/guides/charts/${kind}.svg`, 'utf8');

// That `charts.json` is of the machines that run is held by the inspector's tests.
describe.each(['supervisor', 'monitor', 'notifier', 'session', 'service'])('the picture of the %s’s chart', (kind) => {
  it('is drawn from the definition that runs (else run `node tools/draw-charts.mjs`)', () => {
    expect(pictureOf(kind)).toBe(svgOf(kind, charts[kind]));
  });

  it('names every state', () => {
    const names = charts[kind]?.graph.states.slice(1).map(({ name }) => `>${name}</text>`) ?? [];
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter((name) => !pictureOf(kind).includes(name))).toEqual([]);
  });
});
