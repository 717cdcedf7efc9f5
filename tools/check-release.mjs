// What a release must pass beyond `pack:check`: the tarballs in an empty project on every Node we support, and their
// types under every TypeScript we support. Takes minutes and a registry. Run by `npm run release:check`; `--node 22` or
// `--typescript 5.5` checks that one only.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fetchNode } from './packages/nodes.mjs';
import { entriesOf, installAll, packAll } from './packages/pack.mjs';
import { liveFirstProgram } from './packages/programs.mjs';
import { checks, fail } from './packages/run.mjs';
import { compileUnder } from './packages/typescripts.mjs';

const nodes = ['20.19.0', '20', '22', '24', '26'];
const typescripts = ['5.5', '5.6', '5.7', '5.8', '5.9', '6.0', '7.0'];

const { values: only } = parseArgs({
  options: { node: { type: 'string' }, typescript: { type: 'string' } },
});
const everything = only.node === undefined && only.typescript === undefined;
const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-release-'));
const project = join(folder, 'project');
const { check, command, end } = checks('release');

try {
  const packed = packAll(folder);
  const { status, stderr } = installAll(packed, project, { '@types/node': '20' });
  if (status !== 0) fail('release', `the tarballs can not be installed\n${stderr}`);
  const entries = entriesOf(packed);
  for (const version of everything ? nodes : [only.node ?? []].flat()) await checkNode(version, entries);
  for (const version of everything ? typescripts : [only.typescript ?? []].flat()) checkTypes(version, entries);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
end(everything ? 'the packages work on every Node and TypeScript they promise' : 'so far all is well');

/** Loads every entry, by `import` and by `require`, and lives the program for beginners from start to drain. */
async function checkNode(version, entries) {
  const node = fetchNode(version, folder);
  if (!check(`Node ${version}: is to be had`, node !== undefined, () => 'the registry has no such version')) return;
  const imports = codeOf(entries).map((entry) => `await import('${entry}');`);
  const requires = entries.map((entry) => `require('${entry}');`);
  const quiet = ['--no-warnings', '--eval'];
  command(`Node ${version}: import`, node, ['--input-type=module', ...quiet, imports.join('\n')], project);
  command(`Node ${version}: require`, node, ['--input-type=commonjs', ...quiet, requires.join('\n')], project);
  const { isSound, printed } = await liveFirstProgram(node, project);
  check(`Node ${version}: the first program is healthy, drains and ends with 0`, isSound, () => printed);
}

/** Compiles the examples of all pages, and an import of every entry. */
function checkTypes(version, entries) {
  for (const moduleResolution of ['nodenext', 'bundler']) {
    const errors = compileUnder(version, moduleResolution, codeOf(entries), project);
    check(`TypeScript ${version}, ${moduleResolution}`, errors.length === 0, () => errors.join('\n'));
  }
}

function codeOf(entries) {
  return entries.filter((entry) => !entry.endsWith('.json'));
}
