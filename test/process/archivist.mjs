// A program that keeps an archive and says what it knows: killed in the middle, it is to go on where it was.
//   node test/process/archivist.mjs <file>
import { createSupervisor, defineProbe } from '@watchkeeper/core';
import { keepArchive, keepHistory } from '@watchkeeper/telemetry';
import { openSqlite } from '@watchkeeper/telemetry/sqlite';

const archive = await openSqlite(process.argv[2]);
const before = archive.read();
const keeper = createSupervisor({ resume: before?.supervisor });
const history = keepHistory(keeper, { resume: before?.history });
keeper.events$.subscribe(({ type }) => {
  if (type.startsWith('alert.')) console.log(type);
});
const down = defineProbe('down', async () => ({ status: 'fail' }));
const target = keeper.monitor('target', down, { intervalMs: 50, jitter: 0, alertAfter: 1 });
console.log(`resumed ${target.status.failures} failures, ${history.report('target', '1h')?.downMs ?? 0} ms down`);
const kept = keepArchive(keeper, archive, { history, intervalMs: 20, urgentMs: 0 });
keeper.start();
setInterval(() => {
  if (kept.saves > 5) console.log('saved');
}, 50);
