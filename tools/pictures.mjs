// Takes the pictures of docs/pictures anew, from the running observatory and in a real browser. Run by `npm run pictures`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'docs', 'pictures');

/** Long enough for the flapping target to go down and come up, and for the first alerts. */
const watchMs = 28_000;

const small = { width: 1_280, height: 800 };

/** `show` brings the page to what the picture is of, after it has watched for a while. */
const shots = [
  { name: 'inspector', scheme: 'light', size: small },
  { name: 'inspector-dark', scheme: 'dark', size: small },
  { name: 'inspector-phone', scheme: 'light', size: { width: 390, height: 844 } },
  { name: 'inspector-population', scheme: 'dark', size: small, show: (page) => page.keyboard.press('Escape') },
  { name: 'inspector-replay', scheme: 'light', size: small, show: goBack },
];

const { module: launcher } = await runnerImport(join(root, 'test', 'browser', 'launch.ts'));
mkdirSync(folder, { recursive: true });
const program = spawn(process.execPath, [join(root, 'examples/observatory/dist/main.js'), '--port', '0'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(program, 'exit');
try {
  const url = await addressOf(program.stdout);
  const browser = await launcher.launchBrowser();
  try {
    const pages = await Promise.all(shots.map((shot) => open(browser, url, shot)));
    console.log(`pictures: watching the observatory for ${watchMs / 1_000} s`);
    await pause(watchMs);
    for (const [index, page] of pages.entries()) {
      const path = join(folder, `${shots[index].name}.png`);
      await shots[index].show?.(page);
      await page.evaluate('document.activeElement?.blur()');
      // What has just been shown moves into place.
      await pause(1_200);
      await page.screenshot({ path });
      console.log(`pictures: docs/pictures/${shots[index].name}.png`);
    }
  } finally {
    await browser.close();
  }
} finally {
  program.kill('SIGTERM');
  await ended;
}

/** Reads the inspector's address from what the program prints. */
async function addressOf(output) {
  for await (const line of createInterface({ input: output })) {
    const url = /^Inspector: (\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    // Unread output would stop the program in the end.
    output.resume();
    return url;
  }
  throw new Error('The observatory ended before it named its inspector.');
}

async function open(browser, url, { scheme, size }) {
  const page = await browser.newPage({ viewport: size, colorScheme: scheme });
  await page.goto(url);
  await page.getByRole('treeitem').filter({ hasText: 'flapping' }).click();
  return page;
}

/** Goes some events back, to where something happened. */
async function goBack(page) {
  for (let steps = 0; steps < 5; steps++) await page.keyboard.press(',');
}
