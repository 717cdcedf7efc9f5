/** Throws `error` in a task of its own: it surfaces as an uncaught exception and interrupts nobody. */
export function rethrowLater(error: unknown): void {
  setTimeout(() => {
    throw error;
  });
}
