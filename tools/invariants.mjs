/**
 * Lists which test holds which invariant, from the titles of the tests, in test/invariants.md.
 *
 * node tools/invariants.mjs           writes the list
 * node tools/invariants.mjs --check   fails when the list is not what the titles say
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const listFile = join(root, 'test/invariants.md');
/** The invariants of the systems that Watchkeeper stands in for. */
const total = 79;
/** The invariants of our own; 80 to 104 are those of services. */
const own = {
  80: 'At most one run of a service is under way, one that was no longer waited for included.',
  81: 'A run begins only when all that its service depends on is ready, done or healthy.',
  82: 'Whatever may begin does: no service waits while nothing that it waits for is missing.',
  83: 'No service is told to stop while one that rests on it runs, unless a drain is cut short.',
  85: 'A run is told to stop exactly once; `draining` aborts before or with `signal`, both outside of transitions.',
  86: 'No run begins once a drain has begun; one that fails then is told and never restarted.',
  87: 'A run that finishes its work in a drain is told to stop only when it is quiet, done, or `quiesceMs` is over.',
  88: 'Every drain ends, with each service stopped, failed or named; no timer is armed and no actor left afterwards.',
  89: 'What a run says after its end counts for nothing.',
  90: 'A run that never says that it is ready is stopped after `startTimeoutMs`, which counts as a failure.',
  91: 'Services are restarted as in Erlang/OTP; the restart that would be one too many does not happen.',
  97: 'The wait before a run grows with each failure, and ends at once with a stop or a drain.',
  98: 'A service is restarted for its health only after `unhealthyForMs` without a break.',
  99: 'A service is never restarted for its health while something it depends on is down.',
  101: 'Changes of a service’s health are changes, and agree with what it is asked for.',
  103: 'The services of a drain’s report that stopped, were forced and failed are all there were.',
  100: 'A missing beat makes a service unhealthy once; a stall of the program is no missing beat.',
  110: 'A plane depends on the monitors that are required for it, and on no other.',
  111: '`live` is lost to `unhealthy` and `error` alone, and never in a drain.',
  112: 'The members of a composite of a tag are the monitors with that tag, however they come and go; it is never its own.',
  113: 'A group is what its composite is; a tag without one is judged over its members; a name that nothing has is down.',
  114: 'The latest failures of a monitor outlast the checks that passed since, a crash and a restart of the program.',
  115: 'A monitor begins as `initialHealth`, and the first `startThreshold` verdicts decide; nothing is started before a verdict.',
  116: 'A composite fails open, and says so, where fewer of its members than `panicThreshold` are good.',
};
/** A title is the first string of `it`, `test`, `describe`, their `.each` forms, or a mutant's name and law. */
const titles =
  /\b(?:it|test|describe)(?:\.\w+)?(?:<[^>]*>)?\((?:\[[\s\S]*?\]\s*,?\s*\)\(\s*)?\s*(['"`])((?:\\.|(?!\1)[\s\S])*)\1|\)\(\s*(['"`])((?:\\.|(?!\3)[\s\S])*)\3,\s*(?:async\b|\()|mutant\((['"`])((?:\\.|(?!\5)[\s\S])*)\5,\s*'(INV-\d+)'/g;

const list = write(collect());
if (!process.argv.includes('--check')) writeFileSync(listFile, list);
else if (readFileSync(listFile, 'utf8') !== list) {
  console.error('test/invariants.md is stale: run node tools/invariants.mjs');
  process.exitCode = 1;
}

/** For each invariant, the tests whose titles name it. */
function collect() {
  const held = new Map();
  for (const file of testFiles(root).sort()) {
    const path = relative(root, file).replaceAll('\\', '/');
    for (const match of readFileSync(file, 'utf8').matchAll(titles)) {
      const title = (match[2] ?? match[4] ?? `${match[6]} (${match[7]})`).replaceAll(/\s+/g, ' ');
      for (const name of namesIn(title)) {
        const tests = held.get(name) ?? new Set();
        held.set(name, tests.add(`\`${path}\` ${short(title)}`));
      }
    }
  }
  return held;
}

function namesIn(title) {
  return new Set([...title.matchAll(/INV-(\d+)/g)].map(([, number]) => Number(number)));
}

/** The title without the names that stand in brackets at its end. */
function short(title) {
  return title.replace(/\s*\((?:INV-\d+[^)]*)\)/g, '').replaceAll('|', '\\|');
}

function testFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return /^(node_modules|dist|api|\..*)$/.test(entry.name) ? [] : testFiles(path);
    return /\.test\.ts$|[Mm]utants\.ts$/.test(path) ? [path] : [];
  });
}

function write(held) {
  const numbers = Array.from({ length: total }, (_, index) => index + 1);
  const open = numbers.filter((number) => !held.has(number));
  const sections = [...numbers, ...Object.keys(own).map(Number)].flatMap((number) => {
    const tests = [...(held.get(number) ?? [])];
    if (number in own && tests.length === 0) throw new Error(`no title names INV-${number}`);
    const said = number in own ? [own[number], ''] : [];
    return tests.length === 0 ? [] : [`## INV-${number}`, '', ...said, ...tests.map((test) => `- ${test}`), ''];
  });
  const unknown = [...held.keys()].filter((number) => number > total && !(number in own));
  if (unknown.length > 0) throw new Error(`INV-${unknown.join(', INV-')}: said nowhere; add it to \`own\``);
  return [
    '# Which test holds which invariant',
    '',
    'Made from the titles of the tests by `node tools/invariants.mjs`; do not edit.',
    '',
    `Held: ${total - open.length} of ${total}. Named by no test yet: ${open.map((number) => `INV-${number}`).join(', ') || 'none'}. Of our own: ${Object.keys(own).length}.`,
    '',
    ...sections,
  ].join('\n');
}
