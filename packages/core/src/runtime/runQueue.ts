import { Fifo } from './fifo.ts';
import { createSlice } from './slice.ts';

/**
 * A queue of calls of user code: deliveries, connections, observers.
 *
 * A task never runs inside the transition that pushed it, tasks run in the order in which they were pushed, and a task
 * that throws does not keep others from running (INV-52). So no user code is ever on the supervisor's stack, and a call
 * from user code never finds the supervisor in the middle of a transition.
 */
export interface RunQueue {
  /** Runs `task` after the present transition and after all tasks pushed before. */
  push(task: Task | (() => void)): void;
  /** Number of tasks that wait. */
  readonly length: number;
}

/** A task that is an object anyway, so that no function is made for it. */
export interface Task {
  run(): void;
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
  const tasks = new Fifo<Task | (() => void)>();
  let isScheduled = false;

  function run(): void {
    slice.begin();
    while (!slice.isOver) {
      const task = tasks.shift();
      if (task === undefined) {
        isScheduled = false;
        return;
      }
      try {
        if (typeof task === 'function') task();
        else task.run();
      } catch (cause) {
        onError(cause);
      }
      slice.spend(1);
    }
    slice.yieldTo(run);
  }

  return {
    push(task) {
      tasks.push(task);
      if (isScheduled) return;
      isScheduled = true;
      queueMicrotask(run);
    },
    get length() {
      return tasks.length;
    },
  };
}
