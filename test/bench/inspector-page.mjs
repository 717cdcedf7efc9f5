// How the inspector's page moves in a real browser while 10 000 monitors, in a process of their own, make 3 000 transitions
// a second: when its first rows show, and how far apart its frames are, for the population and for one actor.
//   npm run bench -- inspector-page
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';
import { report, short } from './report.mjs';

const monitors = 10_000;
const transitionsPerSecond = 3_000;
const loads = 3;
const warmUpMs = 3_000;
const watchMs = 10_000;

/** Runs in the page: when the first rows stand, and from then on every frame. */
const watchFrames = `
  window.frames = [];
  const look = (at) => {
    if (window.firstRowsMs === undefined && document.querySelector('[role="treeitem"]')) window.firstRowsMs = performance.now();
    window.frames.push(at);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
`;

const { module: launcher } = await runnerImport(fileURLToPath(new URL('../browser/launch.ts', import.meta.url)));
const script = fileURLToPath(new URL('./inspector/program.mjs', import.meta.url));
const program = spawn(process.execPath, [script, monitors, transitionsPerSecond].map(String), {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(program, 'exit');
const browser = await launcher.launchBrowser();
try {
  const [url] = await once(createInterface({ input: program.stdout }), 'line');
  await pause(warmUpMs);
  const firstRowsMs = [];
  for (let load = 0; load < loads; load++) {
    const page = await open(url);
    firstRowsMs.push(await page.evaluate('window.firstRowsMs'));
    if (load < loads - 1) await page.context().close();
    else {
      await page.getByText('10,000').first().waitFor();
      const population = await framesOf(page);
      await page.getByRole('treeitem').nth(3).click();
      await page.getByRole('tab', { name: /^Events/ }).waitFor();
      const actor = await framesOf(page);
      report('inspector-page', {
        rows: { population: { 'first rows, ms': short(median(firstRowsMs)), ...population }, 'one actor': actor },
        versions: { browser: browser.version() },
        monitors,
        transitionsPerSecond,
      });
    }
  }
} finally {
  await browser.close();
  program.kill('SIGTERM');
  await ended;
}

async function open(url) {
  const page = await browser.newPage({ viewport: { width: 1_440, height: 900 } });
  await page.addInitScript(watchFrames);
  await page.goto(url);
  await page.getByRole('treeitem').first().waitFor();
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  return page;
}

/** What the frames of the page are like for a while, and the changes it is told of meanwhile. */
async function framesOf(page) {
  await pause(warmUpMs);
  await page.evaluate('window.frames = []');
  await pause(watchMs);
  const frames = await page.evaluate('window.frames');
  const gaps = frames.slice(1).map((at, index) => at - frames[index]);
  const changes = await page.locator('.figure', { hasText: 'changes/s' }).locator('dd').textContent();
  return {
    'median fps': short(1_000 / median(gaps)),
    'p95 frame, ms': short(quantile(gaps, 0.95)),
    'worst frame, ms': short(Math.max(...gaps)),
    'changes seen a second': Number(changes.replaceAll(',', '')),
  };
}

function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

function median(values) {
  return quantile(values, 0.5);
}
