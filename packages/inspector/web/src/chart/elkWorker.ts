import workerUrl from 'elkjs/lib/elk-worker.min.js?url';
import type { ChartGraph } from '../../../src/chart/chartGraph.ts';
import type { Drawings } from '../../../src/chart/drawing.ts';
import type { ElkNode } from '../../../src/chart/elkTypes.ts';
import { type CycleBreaking, drawChart } from '../../../src/chart/layoutChart.ts';

/** Time limit for the layout of one chart, in milliseconds; some charts never end. */
const layoutTimeoutMs = 8_000;

/** The ways to break cycles, in the order in which they are tried. */
const attempts: readonly CycleBreaking[] = ['DEPTH_FIRST', 'GREEDY'];

/** Lays a chart out in a worker; resolves with undefined when the engine fails or takes too long. */
export async function layOut(graph: ChartGraph): Promise<Drawings | undefined> {
  for (const cycles of attempts) {
    const engine = new Engine();
    try {
      return await Promise.race([drawChart(graph, (root) => engine.layOut(root), cycles), engine.failed]);
    } catch {
      // Another way may do.
    } finally {
      engine.end();
    }
  }
  return undefined;
}

type Answer = { readonly id: number; readonly data?: ElkNode; readonly error?: unknown };

/** The layout engine, in a worker of its own. */
class Engine {
  readonly #worker = new Worker(workerUrl);
  readonly #waiting = new Map<number, { resolve: (laid: ElkNode) => void; reject: (cause: unknown) => void }>();
  readonly #watchdog: ReturnType<typeof setTimeout>;
  /** Rejects when the time limit is over, or the worker fails. */
  readonly failed: Promise<never>;
  #calls = 0;

  constructor() {
    const { promise, reject } = withReject();
    this.failed = promise;
    this.#watchdog = setTimeout(() => reject(new Error('The layout takes too long')), layoutTimeoutMs);
    this.#worker.onerror = () => reject(new Error('The layout engine broke'));
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#hear(data);
    this.#worker.postMessage({ id: 0, cmd: 'register', algorithms: ['layered'] });
  }

  layOut(graph: ElkNode): Promise<ElkNode> {
    this.#calls += 1;
    const id = this.#calls;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, cmd: 'layout', graph, layoutOptions: {}, options: {} });
    });
  }

  end(): void {
    clearTimeout(this.#watchdog);
    this.#worker.terminate();
  }

  #hear({ id, data, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (data === undefined) waiting?.reject(error);
    else waiting?.resolve(data);
  }
}

function withReject(): { readonly promise: Promise<never>; readonly reject: (cause: Error) => void } {
  let reject: (cause: Error) => void = () => {};
  const promise = new Promise<never>((_, no) => {
    reject = no;
  });
  // Whoever still waits hears of it; when nobody does any more, it is no news.
  promise.catch(() => {});
  return { promise, reject };
}
