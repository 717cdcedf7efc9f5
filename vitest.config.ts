import { availableParallelism } from 'node:os';
import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

// Tests run on the sources: the same export condition the compiler uses. What packages ship for bundlers only, Node
// itself would not load.
const conditions = ['@watchkeeper/source', ...defaultServerConditions.filter((name) => name !== 'module')];
const source = { resolve: { conditions }, ssr: { resolve: { conditions } } };

// Most of a test's code runs a few times only: compiled plainly at once it is cheaper than interpreted and then
// compiled well, and with a larger nursery its garbage, which dies young, is not copied about. Worth up to a tenth.
const execArgv = ['--always-sparkplug', '--min-semi-space-size=32', '--max-semi-space-size=64'];

export default defineConfig({
  ...source,
  test: {
    // One project, since a worker serves the files of one only: what waits for a browser, a program or a socket runs
    // beside what computes, from the first second to the last.
    include: ['packages/*/test/**/*.test.ts', 'test/*/**/*.test.ts', 'examples/*/test/**/*.test.ts'],
    exclude: ['test/bench/**'],
    // At any time about two of them wait.
    maxWorkers: availableParallelism() + 2,
    execArgv,
    // Files of one worker share their modules and a browser: loading them anew for each file took as long as the tests.
    isolate: false,
    // What was compiled for the last run serves the next one, file by file, until the file changes.
    experimental: { fsModuleCache: true },
    // Nothing waits for real time except real sockets, programs and browsers; the limits are for busy machines.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    typecheck: { enabled: true, include: ['packages/*/test/**/*.test-d.ts'], tsconfig: './tsconfig.test.json' },
    coverage: { include: ['packages/*/src/**'], reporter: ['text-summary', 'html'] },
  },
});
