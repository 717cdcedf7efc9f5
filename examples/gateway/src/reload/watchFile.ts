import { watch } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Calls `changed` when something happens in the folder of a file, until the function that is answered is called.
 *
 * The folder is watched and not the file: editors write a new file and rename it, and Kubernetes swaps a link.
 */
export function watchFile(file: string, changed: () => void): () => void {
  const watcher = watch(dirname(file), { persistent: false }, changed);
  // A folder that goes away cannot be watched; the signal still asks for a reload.
  watcher.on('error', () => watcher.close());
  return () => watcher.close();
}
