import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../sourceFiles.ts';
import type { Example } from './examplesOf.ts';

/** Result of compiling examples: a line for each error, and the folder of the JavaScript. */
export type Compiled = { readonly errors: readonly string[]; readonly outputOf: (example: Example) => string };

/**
 * Compiles examples as a user's own files: each by itself, against the packages, under the base configuration.
 *
 * Each stands in its file at the line it has on its page, so an error's position is the page's.
 *
 * @param batch names the folder below `node_modules/.cache` and must not be in use twice at once.
 */
export function compileExamples(batch: string, examples: readonly Example[]): Compiled {
  const folder = join(root, 'node_modules', '.cache', 'watchkeeper', 'examples', batch);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const example of examples) {
    writeFileSync(join(folder, `${nameOf(example)}.ts`), '\n'.repeat(example.line - 1) + example.code);
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(configuration(examples)));
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  // On several threads it would check what all share on each of them.
  const args = [tsc, '-p', folder, '--pretty', 'false', '--singleThreaded'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  const errors = `${stdout}${stderr}`.split('\n').filter((line) => line.trim() !== '');
  return { errors, outputOf: (example) => join(folder, 'out', `${nameOf(example)}.js`) };
}

function configuration(examples: readonly Example[]) {
  return {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: {
      rootDir: '.',
      outDir: 'out',
      composite: false,
      declaration: false,
      declarationMap: false,
      sourceMap: false,
      // As a user sees the packages: by what they publish.
      customConditions: [],
      // An example ends where its reader takes over.
      noUnusedLocals: false,
      types: ['node'],
      typeRoots: [join(root, 'node_modules', '@types')],
      lib: ['es2023', 'esnext.disposable', 'dom', 'dom.iterable'],
    },
    files: examples.map((example) => `${nameOf(example)}.ts`),
  };
}

function nameOf({ path, line }: Example): string {
  return `${path.replaceAll('/', '__')}.line${line}`;
}
