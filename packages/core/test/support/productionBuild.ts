import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const entry = fileURLToPath(new URL('./productionTwins.ts', import.meta.url));

let bundled: Promise<typeof import('./productionTwins.ts')> | undefined;

/** What compares charts with the interpreter, with XState's build for production: tests resolve the other one. */
export function productionTwins(): Promise<typeof import('./productionTwins.ts')> {
  bundled ??= bundle();
  return bundled;
}

async function bundle(): Promise<typeof import('./productionTwins.ts')> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    // Neither `development`, nor what Vite makes of it while tests run.
    resolve: { conditions: ['module'] },
    build: { write: false, minify: false, target: 'es2023', lib: { entry, formats: ['es'], fileName: 'twins' } },
  });
  const [{ output: [chunk] = [] } = {}] = [built].flat() as { output?: { code: string }[] }[];
  const source = Buffer.from(chunk?.code ?? '').toString('base64');
  return import(/* @vite-ignore */ `data:text/javascript;base64,${source}`);
}
