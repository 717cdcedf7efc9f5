import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Tells where a relay is, as a file in a folder that clients and other relays look into. */
export interface Announcement {
  readonly path: string;
  withdraw(): Promise<void>;
}

export async function announce(folder: string, url: string): Promise<Announcement> {
  const path = join(folder, `relay-${new URL(url).port}.json`);
  await mkdir(folder, { recursive: true });
  await writeFile(path, JSON.stringify({ url, pid: process.pid }));
  return { path, withdraw: () => rm(path, { force: true }) };
}
