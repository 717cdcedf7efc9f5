/** What must be freed together, in reverse order, exactly once. */
export interface Frees {
  /** Calls `free` at the end; at once if the end has been. */
  defer(free: () => void): void;
  end(): void;
  readonly ended: boolean;
}

export function createFrees(): Frees {
  let pending: (() => void)[] | undefined = [];
  return {
    defer(free) {
      if (pending) pending.push(free);
      else free();
    },
    end() {
      const due = pending?.reverse() ?? [];
      pending = undefined;
      for (const free of due) free();
    },
    get ended() {
      return pending === undefined;
    },
  };
}
