import { useEffect, useState } from 'preact/hooks';

type Listener = () => void;

/** Schedules renders: at most one in an animation frame. */
export class RenderScheduler {
  readonly #listeners = new Set<Listener>();
  #requested = false;

  /** Requests a render in the next frame. */
  request = (): void => {
    if (this.#requested) return;
    this.#requested = true;
    requestAnimationFrame(() => {
      this.#requested = false;
      for (const listener of this.#listeners) listener();
    });
  };

  /** Calls `listener` in each requested frame; returns a function that ends it. */
  onPaint(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Renders the component again when requested, at most once in `everyMs` milliseconds. */
export function useThrottledRender(scheduler: RenderScheduler, everyMs: number): void {
  const [, render] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let renderedAt = 0;
    const now = () => {
      timer = undefined;
      renderedAt = performance.now();
      render((count) => count + 1);
    };
    const stop = scheduler.onPaint(() => {
      if (timer !== undefined) return;
      const waitMs = renderedAt + everyMs - performance.now();
      if (waitMs <= 0) now();
      else timer = setTimeout(now, waitMs);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [scheduler, everyMs]);
}
