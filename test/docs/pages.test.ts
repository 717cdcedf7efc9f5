import * as core from '@watchkeeper/core';
import * as http from '@watchkeeper/http';
import * as httpClient from '@watchkeeper/http/client';
import * as inspector from '@watchkeeper/inspector';
import * as telemetry from '@watchkeeper/telemetry';
import * as openTelemetry from '@watchkeeper/telemetry/opentelemetry';
import * as websocket from '@watchkeeper/websocket';
import * as websocketClient from '@watchkeeper/websocket/client';
import { describe, expect, it } from 'vitest';
import { sourceFiles } from '../sourceFiles.ts';
import { type DefaultsByName, wrongDefaultRows } from './defaultTables.ts';
import { unprovenFigures } from './measuredFigures.ts';
import { brokenLinks } from './pageLinks.ts';

const pages = sourceFiles(
  ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs', 'examples', 'packages', 'test'],
  /\.md$/,
).filter(({ path }) => !path.startsWith('docs/api/'));

const defaults = Object.fromEntries(
  [core, http, httpClient, inspector, telemetry, openTelemetry, websocket, websocketClient]
    .flatMap((entry) => Object.entries(entry))
    .filter(([name]) => name.endsWith('Defaults')),
) as DefaultsByName;

const page = (...lines: string[]) => ({ path: 'docs/page.md', source: lines.join('\n') });

describe('the links of the pages', () => {
  it('lead to files and headings that are there', () => {
    expect(pages.flatMap(brokenLinks)).toEqual([]);
  });

  it.each(['gone.md', '../README.md#nobody-wrote-this', '#nor-this'])('are caught when they lead to %s', (target) => {
    expect(brokenLinks(page('# Page', `See [it](${target}).`))).toHaveLength(1);
  });

  it('may lead to a heading, another site, and anywhere in code', () => {
    expect(brokenLinks(page('# A `page`, here', '[a](#a-page-here) [b](https://example.org/) `[c](gone.md)`'))).toEqual(
      [],
    );
  });
});

describe('the measured figures of the pages', () => {
  it('link to a benchmark that says the same', () => {
    expect(pages.flatMap(unprovenFigures)).toEqual([]);
  });

  const results = '../test/bench/results/memory.json';
  it.each([
    ['without a link', 'It takes 80 ns.'],
    ['with a link elsewhere', 'It takes [80 ns](../README.md).'],
    ['with another result', `It takes [9 bytes](${results} "notifier: bytes").`],
    ['with a row that is not there', `It takes [9 bytes](${results} "nobody: bytes").`],
  ])('are caught %s', (_how, line) => {
    expect(unprovenFigures(page(line))).toHaveLength(1);
  });
});

describe('the tables of options', () => {
  it('say what the defaults are', () => {
    expect(pages.flatMap((one) => wrongDefaultRows(one, defaults))).toEqual([]);
  });

  const table = (...rows: string[]) => page('| `monitorDefaults` | default |', '| --- | --- |', ...rows);

  it.each(['| `intervalMs` | `9` |', '| `intervalSeconds` | `10` |'])('are caught when they say %s', (row) => {
    expect(wrongDefaultRows(table(row), defaults)).toHaveLength(1);
  });

  it('pass with the same figure, and with words', () => {
    const rows = ['| `intervalMs` | `10_000` |', '| `dependsOn` | nobody |'];
    expect(wrongDefaultRows(table(...rows), defaults)).toEqual([]);
  });
});
