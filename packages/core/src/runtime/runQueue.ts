import { Fifo } from './fifo.ts';
import { createSlice, type Slice } from './slice.ts';

/**
 * A queue of calls of user code: deliveries, connections, observers.
 *
 * A task never runs inside the transition that pushed it, tasks run in the order in which they were pushed, and a task
 * that throws does not keep others from running (INV-52). So no user code is ever on the supervisor's stack, and a call
 * from user code never finds the supervisor in the middle of a transition.
 *
 * There are two lanes. Short tasks, observers and connections, come first, but for half of a slice only where a long task
 * waits; the long tasks, deliveries to all clients, have their turn one after the other.
 */
export interface RunQueue {
  /** Runs `task` after the present transition and after all short tasks pushed before. */
  push(task: Task | (() => void)): void;
  /** Runs `task` in slices, in turns with other long tasks. It must not be waiting already. */
  pushLong(task: LongTask): void;
  /** Number of tasks that wait. */
  readonly length: number;
}

/** A task that is an object anyway, so that no function is made for it. */
export interface Task {
  run(): void;
}

/** A task of many parts, which stops when its slice is over. */
export interface LongTask {
  /** Runs parts until there are no more, or until `slice.spend` says that it is over; answers whether there are more. */
  run(slice: Slice): boolean;
}

/** Options of a run queue. */
export interface RunQueueOptions {
  /** Called with what a task threw. */
  readonly onError: (cause: unknown) => void;
  /** Parts in a slice; left out, a slice is a time. */
  readonly partsPerSlice?: number | undefined;
}

/** Makes a run queue. */
export function createRunQueue({ onError, partsPerSlice }: RunQueueOptions): RunQueue {
  const slice = createSlice(partsPerSlice);
  const short = new Fifo<Task | (() => void)>();
  const long = new Fifo<LongTask>();
  let isScheduled = false;

  /** Runs short tasks until there are none or the slice is over, or half of it where a long task waits. */
  function runShort(): void {
    for (let task = short.shift(); task !== undefined; task = short.shift()) {
      try {
        if (typeof task === 'function') task();
        else task.run();
      } catch (cause) {
        onError(cause);
      }
      if (slice.spend(1) || (slice.isHalfOver && long.length > 0)) return;
    }
  }

  /** Gives each long task its turn, once: at least a part, even if the slice is over. */
  function runLong(): void {
    for (let turns = long.length; turns > 0; turns--) {
      const task = long.shift() as LongTask;
      try {
        if (task.run(slice)) long.push(task);
      } catch (cause) {
        onError(cause);
      }
      if (slice.isOver) return;
    }
  }

  function run(): void {
    slice.begin();
    while (!slice.isOver) {
      runShort();
      runLong();
      if (short.length > 0 || long.length > 0) continue;
      isScheduled = false;
      return;
    }
    slice.yieldTo(run);
  }

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    queueMicrotask(run);
  }

  return {
    push(task) {
      short.push(task);
      schedule();
    },
    pushLong(task) {
      long.push(task);
      schedule();
    },
    get length() {
      return short.length + long.length;
    },
  };
}
