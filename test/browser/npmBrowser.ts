import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { brotliDecompress, createBrotliDecompress } from 'node:zlib';
import { untar } from './untar.ts';

const inflate = promisify(brotliDecompress);

/** An executable and the environment it needs. */
export type UnpackedBrowser = { readonly executablePath: string; readonly env: Readonly<Record<string, string>> };

/**
 * Unpacks the browser that came as an npm package, once, with the libraries and the font it needs.
 *
 * The package's own unpacking writes into the folder for temporary files of the whole machine, under one name
 * for everybody; this one stays in `node_modules/.cache`. Any number of callers may run at once, in any number
 * of processes: each unpacks beside the target and the first rename wins.
 *
 * @throws when the package is not installed, which it is on linux-x64 only.
 */
export async function unpackNpmBrowser(root: string): Promise<UnpackedBrowser> {
  const source = join(root, 'node_modules', '@sparticuz', 'chromium');
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('made for linux-x64 only');
  if (!existsSync(join(source, 'bin'))) throw new Error('not installed');
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string };
  const target = join(root, 'node_modules', '.cache', 'watchkeeper', `chromium-${version}`);
  if (!existsSync(target)) await unpackOnce(join(source, 'bin'), target);
  return {
    executablePath: join(target, 'chromium'),
    env: { LD_LIBRARY_PATH: join(target, 'lib'), FONTCONFIG_FILE: join(target, 'fonts.conf') },
  };
}

async function unpackOnce(source: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const own = await mkdtemp(`${target}-`);
  try {
    const executable = join(own, 'chromium');
    await Promise.all([
      pipeline(createReadStream(join(source, 'chromium.br')), createBrotliDecompress(), createWriteStream(executable)),
      ...['al2023', 'fonts', 'swiftshader'].map(async (name) =>
        untar(await inflate(await readFile(join(source, `${name}.tar.br`))), own),
      ),
    ]);
    await chmod(executable, 0o755);
    // The packaged file names folders of another machine, and without a font all text has zero size.
    await writeFile(join(own, 'fonts.conf'), fontsConf(target));
    await rename(own, target);
  } catch (cause) {
    await rm(own, { recursive: true, force: true });
    if (!existsSync(target)) throw cause;
  }
}

const fontsConf = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`;
