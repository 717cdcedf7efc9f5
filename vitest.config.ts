import { availableParallelism } from 'node:os';
import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

// Tests run on the sources: the same export condition the compiler uses. What packages ship for bundlers only, Node
// itself would not load.
const conditions = ['@watchkeeper/source', ...defaultServerConditions.filter((name) => name !== 'module')];
const source = { resolve: { conditions }, ssr: { resolve: { conditions } } };

// Tests make much garbage that dies young: a larger nursery spares a twentieth of the processor time.
const execArgv = ['--max-semi-space-size=32'];

export default defineConfig({
  test: {
    // What was compiled for the last run serves the next one, file by file, until the file changes.
    experimental: { fsModuleCache: true },
    // One more than there are cores: at any time some tests wait for a browser, a program or a socket.
    maxWorkers: availableParallelism() + 1,
    coverage: { include: ['packages/*/src/**'], reporter: ['text-summary', 'html'] },
    projects: [
      {
        ...source,
        test: {
          name: 'unit',
          execArgv,
          include: ['packages/*/test/**/*.test.ts'],
          // Files of one worker share their modules: loading them anew for each file took as long as the tests.
          isolate: false,
          // Nothing waits for real time except real sockets; the limit is for busy machines.
          testTimeout: 30_000,
          typecheck: {
            enabled: true,
            include: ['packages/*/test/**/*.test-d.ts'],
            tsconfig: './tsconfig.test.json',
          },
        },
      },
      {
        ...source,
        test: {
          name: 'across',
          execArgv,
          isolate: false,
          include: ['test/*/**/*.test.ts', 'examples/*/test/**/*.test.ts'],
          exclude: ['test/browser/**', 'test/bench/**'],
          testTimeout: 60_000,
        },
      },
      {
        ...source,
        test: {
          name: 'browser',
          // So the files of one worker share a browser, too.
          isolate: false,
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
