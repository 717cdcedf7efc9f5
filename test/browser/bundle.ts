import { build } from 'vite';
import { root } from '../sourceFiles.ts';

/** There is no such file: the code stands for it, and finds what the workspace finds. */
const entry = `${root}/entry.js`;

/**
 * `code`, with all it imports, as one module for a browser, from the packages as they are published.
 *
 * What only Node has is left as an import, so that a browser that loads the module fails at it.
 */
export async function bundle(code: string): Promise<string> {
  const built = await build({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'entry',
        enforce: 'pre',
        resolveId: (id) => (id === entry ? id : id.startsWith('node:') ? { id, external: true } : null),
        load: (id) => (id === entry ? code : null),
      },
    ],
    build: {
      write: false,
      minify: false,
      target: 'es2023',
      lib: { entry, formats: ['es'], fileName: 'entry' },
    },
  });
  const [{ output: [chunk] = [] } = {}] = [built].flat() as { output?: { code: string }[] }[];
  return chunk?.code ?? '';
}
