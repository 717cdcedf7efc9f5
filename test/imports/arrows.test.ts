import { describe, expect, it } from 'vitest';
import { sourceFiles } from '../sourceFiles.ts';
import { forbiddenImports } from './arrows.ts';

const sources = sourceFiles(['packages', 'examples', 'test'], /\.tsx?$/);

describe('the arrows between packages', () => {
  it('are the allowed ones in every source file, examples and tests included', () => {
    expect(sources.some(({ path }) => path === 'packages/core/src/index.ts')).toBe(true);
    expect(sources.flatMap(forbiddenImports)).toEqual([]);
  });

  it.each([
    ['packages/core/src/a.ts', "import { request } from 'node:http';"],
    ['packages/core/src/a.ts', "import { readFile } from 'fs/promises';"],
    ['packages/core/src/a.ts', "import type { HttpProbeOptions } from '@watchkeeper/probes';"],
    ['packages/core/src/a.ts', "import { createElement } from 'preact';"],
    ['packages/core/src/a.ts', "export * from '../../testing/src/index.ts';"],
    ['packages/core/src/a.ts', "const http = await import('@watchkeeper/http');"],
    ['packages/core/src/a.ts', 'const any = await import(name);'],
    ['packages/core/src/a.ts', "type Far = import('@watchkeeper/testing').ScriptedProbe;"],
    ['packages/http/src/a.ts', "import { createHub } from '@watchkeeper/websocket';"],
    ['packages/http/src/a.ts', "import { Registry } from '@watchkeeper/core/src/registry.ts';"],
    ['packages/http/src/a.ts', "import { Registry } from '@watchkeeper/core/dist/registry.js';"],
    ['packages/testing/src/a.ts', "export { httpProbe } from '@watchkeeper/probes/http';"],
    ['packages/inspector/src/a.ts', "import { createSupervisor } from '@watchkeeper/core';"],
    ['packages/inspector/src/a.ts', "import { type Health, healths } from '@watchkeeper/core';"],
    ['packages/inspector/src/a.ts', "import type { Hidden } from '@watchkeeper/core/hidden';"],
    ['packages/inspector/web/src/a.tsx', "import { inspect } from '../../../core/src/index.ts';"],
    ['packages/unheardof/src/a.ts', "import type { Health } from '@watchkeeper/core';"],
    ['packages/probes/test/a.test.ts', "import { Outbox } from '../../core/src/outbox.ts';"],
    ['packages/probes/test/a.test.ts', "import { startTargets } from '@watchkeeper/example-observatory';"],
    ['examples/observatory/src/a.ts', "import { Registry } from '../../../packages/core/src/registry.ts';"],
    ['examples/observatory/src/a.ts', "const core = require('@watchkeeper/core/src/index.ts');"],
    ['examples/observatory/src/a.ts', "import '../../gateway/src/main.ts';"],
    ['test/process/a.ts', "import main = require('../../examples/observatory/src/main.ts');"],
  ])('forbid in %s: %s', (path, source) => {
    expect(forbiddenImports({ path, source })).toHaveLength(1);
  });

  it.each([
    ['packages/core/src/a.ts', "import { createMachine } from 'xstate'; import { Clock } from './clock.ts';"],
    ['packages/core/test/a.test.ts', "import { getShortestPaths } from 'xstate/graph'; import '../src/index.ts';"],
    ['packages/core/test/a.test.ts', "import { virtualClock } from '@watchkeeper/testing'; import 'node:fs';"],
    [
      'packages/probes/src/a.ts',
      "import { request } from 'node:http'; import { text } from '@watchkeeper/core/options';",
    ],
    ['packages/inspector/src/a.ts', "import { type Health, type Notice } from '@watchkeeper/core';"],
    ['packages/inspector/src/a.ts', "import { InvalidOptionError } from '@watchkeeper/core/options';"],
    [
      'packages/inspector/web/src/a.tsx',
      "import type { Frame } from '../../src/frame.ts'; import { h } from 'preact';",
    ],
    ['examples/observatory/src/a.ts', "import { httpProbe } from '@watchkeeper/probes/http'; import './targets.ts';"],
    ['test/process/a.ts', "import { createSupervisor } from '@watchkeeper/core'; import '../sourceFiles.ts';"],
  ])('allow in %s: %s', (path, source) => {
    expect(forbiddenImports({ path, source })).toEqual([]);
  });
});
