/** Ids of the elements in which a saved page keeps its recording and its chart. */
export const savedRecording = 'saved-recording';
export const savedChart = 'saved-chart';

/** Returns the text that a saved page keeps under `id`; undefined on any other page. */
export function readSaved(id: string): string | undefined {
  return document.getElementById(id)?.textContent ?? undefined;
}
