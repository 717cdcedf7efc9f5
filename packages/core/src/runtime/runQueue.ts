declare const setImmediate: ((next: () => void) => unknown) | undefined;

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

/**
 * The length of a time slice, and the way to yield to the event loop after it. Where yielding costs next to nothing,
 * short slices make a broadcast faster: what was written to a client is sent, and freed, while it is still in the
 * caches and young.
 */
const slice =
  typeof setImmediate === 'function'
    ? { lengthMs: 1, yieldTo: setImmediate }
    : { lengthMs: 20, yieldTo: (next: () => void) => setTimeout(next, 0) };

/** Reading the clock costs more than a short task, so it is read once in so many tasks. */
const tasksPerClockRead = 64;

/**
 * Makes a run queue.
 *
 * @param onError called with what a task threw.
 */
export function createRunQueue(onError: (cause: unknown) => void): RunQueue {
  let tasks: (Task | (() => void))[] = [];
  let next = 0;
  let running = false;

  /**
   * Drops the tasks that have run, once they are half of the queue, so that a long queue is not copied after every
   * slice.
   */
  function compact(): void {
    if (next * 2 < tasks.length) return;
    tasks = tasks.slice(next);
    next = 0;
  }

  function run(): void {
    const until = performance.now() + slice.lengthMs;
    while (next < tasks.length) {
      const task = tasks[next++];
      try {
        if (typeof task === 'function') task();
        else task?.run();
      } catch (cause) {
        onError(cause);
      }
      if (next % tasksPerClockRead === 0 && performance.now() > until) {
        compact();
        slice.yieldTo(run);
        return;
      }
    }
    tasks = [];
    next = 0;
    running = false;
  }

  return {
    push(task) {
      tasks.push(task);
      if (running) return;
      running = true;
      queueMicrotask(run);
    },
    get length() {
      return tasks.length - next;
    },
  };
}
