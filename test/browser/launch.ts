import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { unpackNpmBrowser } from './npmBrowser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** One place a browser may come from. `find` gives nothing when this place has none to offer. */
export type BrowserSource = {
  readonly name: string;
  readonly find: () => Promise<{ executablePath: string; env?: Readonly<Record<string, string>> } | undefined>;
};

/** No browser could be started; the message says in one line what was tried and what would help. */
export class NoBrowserError extends Error {
  readonly code = 'NO_BROWSER';
  constructor(tried: readonly string[]) {
    super(`No browser could be started: set CHROME_PATH to a Chrome or Chromium. Tried ${tried.join('; ')}.`);
    this.name = 'NoBrowserError';
  }
}

/** `CHROME_PATH`, then the browser from npm, then an installed one. */
const browserSources: readonly BrowserSource[] = [
  {
    name: 'CHROME_PATH',
    find: async () => {
      const executablePath = process.env['CHROME_PATH'];
      return executablePath === undefined || executablePath === '' ? undefined : { executablePath };
    },
  },
  { name: 'the npm package @sparticuz/chromium', find: () => unpackNpmBrowser(root) },
  {
    name: 'an installed browser',
    find: async () => {
      const executablePath = installedPaths.find((path) => existsSync(path));
      return executablePath === undefined ? undefined : { executablePath };
    },
  },
];

const installedPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

// The last one keeps the browser off every host but this machine: it asks no vendor for anything.
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

/**
 * Starts a headless browser from the first source whose browser starts. The caller closes it.
 *
 * @throws {@link NoBrowserError} when none does, at the latest after two minutes for each source.
 */
export async function launchBrowser(sources: readonly BrowserSource[] = browserSources): Promise<Browser> {
  const tried: string[] = [];
  for (const { name, find } of sources) {
    try {
      const found = await find();
      if (found === undefined) {
        tried.push(`${name} (none)`);
        continue;
      }
      const { executablePath, env } = found;
      const environment = { ...definedOnly(process.env), ...env };
      return await chromium.launch({ executablePath, args: flags, headless: true, timeout: 120_000, env: environment });
    } catch (cause) {
      tried.push(`${name} (${firstLine(cause)})`);
    }
  }
  throw new NoBrowserError(tried);
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function firstLine(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n', 1).join('');
}
