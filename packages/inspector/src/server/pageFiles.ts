import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One file of the page, ready to be sent. */
export type PageFile = {
  readonly body: Buffer;
  readonly contentType: string;
  readonly cacheControl: string;
};

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

/** The same folder from the sources and from the built package. */
const builtPage = fileURLToPath(new URL('../../dist/web/', import.meta.url));

/**
 * The files of the page by their request path, all in memory: what is not in this list cannot be asked for.
 * Empty when the page has not been built.
 */
export function readPageFiles(folder: string = builtPage): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const path of pathsBelow(folder)) {
    const contentType = contentTypes[extname(path)];
    if (contentType === undefined) continue;
    // Names below assets/ carry a hash of their content.
    const cacheControl = path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-store';
    files.set(`/${path}`, { body: readFileSync(join(folder, path)), contentType, cacheControl });
  }
  const start = files.get('/index.html');
  if (start !== undefined) files.set('/', start);
  return files;
}

function pathsBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/').replace(/^\//, ''));
  } catch {
    return [];
  }
}
