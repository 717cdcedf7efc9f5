import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const block = 512;

/**
 * Writes the plain files of a ustar archive below `folder`. Enough for the archives we unpack: links, long
 * names and sparse files are refused, as is a name that leads out of the folder.
 */
export async function untar(archive: Buffer, folder: string): Promise<void> {
  for (let at = 0; at + block <= archive.length; ) {
    const name = field(archive, at, 0, 100);
    if (name === '') return;
    const size = Number.parseInt(field(archive, at, 124, 12), 8);
    const kind = field(archive, at, 156, 1) || '0';
    const body = at + block;
    if (name.startsWith('/') || name.split('/').includes('..')) throw new Error(`${name} leads out of the folder`);
    if (kind === '0') {
      const mode = Number.parseInt(field(archive, at, 100, 8), 8);
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), archive.subarray(body, body + size), { mode });
    } else if (kind !== '5') throw new Error(`${name} is of kind ${kind}, which is not unpacked here`);
    at = body + Math.ceil(size / block) * block;
  }
}

function field(archive: Buffer, header: number, from: number, length: number): string {
  const bytes = archive.subarray(header + from, header + from + length);
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? length : end).trim();
}
