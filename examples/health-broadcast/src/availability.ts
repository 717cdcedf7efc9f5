/** Share of its limits that a process has left: 0 is nothing, 1 is all, and {@link unknown} is not known. */
export type Availability = { readonly cpu: number; readonly memory: number };

export const unknown = -1;

/** Less than this free is too little. */
const enough = 0.1;

/** Whether too little is free of anything. What is unknown is never held against the process (INV-12). */
export function isShort({ cpu, memory }: Availability): boolean {
  return [cpu, memory].some((share) => share >= 0 && share < enough);
}
