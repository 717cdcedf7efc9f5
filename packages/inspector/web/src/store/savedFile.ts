/** Where a saved page keeps what it shows. */
export const savedRecording = 'saved-recording';
export const savedChart = 'saved-chart';

/** What a saved page keeps under `id`; nothing on a page that was not saved. */
export function readSaved(id: string): string | undefined {
  return document.getElementById(id)?.textContent ?? undefined;
}
