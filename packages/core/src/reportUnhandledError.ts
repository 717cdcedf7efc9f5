/** Throws `error` in a task of its own, as an uncaught exception that interrupts nobody. */
export function reportUnhandledError(error: unknown): void {
  setTimeout(() => {
    throw error;
  });
}
