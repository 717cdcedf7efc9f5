// Packs every package into `tarballs/`, to try them in a project of one's own. Run by `npm run tarballs`.
import { mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { packAll, root } from './packages/pack.mjs';

const folder = join(root, 'tarballs');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
for (const { tarball } of packAll(folder)) console.log(`tarballs: ${relative(root, tarball)}`);
