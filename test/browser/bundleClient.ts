import { fileURLToPath } from 'node:url';
import { build, defaultClientConditions } from 'vite';

/** The client's side of a package as one module for a browser, made from its sources; `entry` as seen from the root. */
export async function bundleClient(entry: string): Promise<string> {
  const built = await build({
    root: fileURLToPath(new URL('../..', import.meta.url)),
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: ['@watchkeeper/source', ...defaultClientConditions] },
    build: {
      write: false,
      minify: false,
      lib: { entry, formats: ['es'], fileName: 'client' },
    },
  });
  const [{ output: [chunk] = [] } = {}] = [built].flat() as { output?: { code: string }[] }[];
  return chunk?.code ?? '';
}
