import { useEffect, useState } from 'preact/hooks';

type Listener = () => void;

/** Paints at most once in an animation frame, however much arrives in between. */
export class RenderScheduler {
  readonly #listeners = new Set<Listener>();
  #requested = false;

  /** Asks for a paint in the next frame. */
  request = (): void => {
    if (this.#requested) return;
    this.#requested = true;
    requestAnimationFrame(() => {
      this.#requested = false;
      for (const listener of this.#listeners) listener();
    });
  };

  /** Calls `listener` in each frame that has news, until the function that is answered is called. */
  onPaint(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Renders the component again after news, at most once in `everyMs`: words need not change 60 times a second. */
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
