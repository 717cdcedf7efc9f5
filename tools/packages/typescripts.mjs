// Compiles what users write under some version of TypeScript.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageExamples } from './pages.mjs';
import { run } from './run.mjs';

const strictly = {
  target: 'es2022',
  lib: ['es2023', 'esnext.disposable', 'dom', 'dom.iterable'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  // Declarations of ours are to be looked at as well.
  skipLibCheck: false,
  noEmit: true,
};

/** The errors in the examples of all pages, and in our declarations, within `project`, where the packages are installed. */
export function compileUnder(version, moduleResolution, entries, project) {
  const folder = join(project, `typescript-${version}`);
  const tsc = join(folder, 'node_modules', 'typescript', 'bin', 'tsc');
  if (!existsSync(tsc)) fetchTypeScript(version, folder);
  if (!existsSync(tsc)) return ['the registry has no such version'];
  const all = entries.map((entry, index) => `export * as entry${index} from '${entry}';\n`).join('');
  for (const { name, code } of [{ name: 'entries', code: all }, ...pageExamples()]) {
    writeFileSync(join(folder, `${name}.ts`), code);
  }
  const module = moduleResolution === 'bundler' ? 'esnext' : moduleResolution;
  const compilerOptions = { ...strictly, module, moduleResolution };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  const { stdout, stderr } = run(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], folder);
  // A mistake in the declarations of others is theirs.
  const isOurs = (line) => /error TS/.test(line) && !/node_modules\/(?!@watchkeeper\/)/.test(line);
  return `${stdout}${stderr}`.split('\n').filter(isOurs);
}

function fetchTypeScript(version, folder) {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', `typescript@~${version}.0`], folder);
}
