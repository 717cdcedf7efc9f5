declare const setImmediate: ((goOn: () => void) => unknown) | undefined;

/**
 * Where code that is not ours runs: deliveries, connections, observers.
 *
 * A task never runs inside the transition that asked for it, tasks run in the order in which they were
 * pushed, and a task that throws harms no other (INV-52). So no user code is ever on the supervisor's
 * stack, and a call from user code never finds the supervisor in the middle of a transition.
 */
export interface RunQueue {
  /** Runs `task` soon, after the present transition and after all tasks pushed before. */
  push(task: Task | (() => void)): void;
  /** How many tasks wait. */
  readonly length: number;
}

/** Something to run that is an object anyway, so that no function is made for it. */
export interface Task {
  run(): void;
}

/**
 * How a long run of tasks lets the host breathe. Short slices make a broadcast faster where the host takes a breath for
 * next to nothing: what a client was told is sent, and let go of, while it is still in the caches and young.
 */
const breath =
  typeof setImmediate === 'function'
    ? { afterMs: 1, take: setImmediate }
    : { afterMs: 20, take: (goOn: () => void) => setTimeout(goOn, 0) };

/** Reading the clock costs more than a short task, so it is read once in so many. */
const tasksPerLook = 64;

/**
 * Makes a run queue of its own.
 *
 * @param onError hears what a task threw.
 */
export function createRunQueue(onError: (cause: unknown) => void): RunQueue {
  let tasks: (Task | (() => void))[] = [];
  let next = 0;
  let running = false;

  /** Forgets what has run; by halves, so that a long queue is not copied at every breath. */
  function letGo(): void {
    if (next * 2 < tasks.length) return;
    tasks = tasks.slice(next);
    next = 0;
  }

  function run(): void {
    const until = performance.now() + breath.afterMs;
    while (next < tasks.length) {
      const task = tasks[next++];
      try {
        if (typeof task === 'function') task();
        else task?.run();
      } catch (cause) {
        onError(cause);
      }
      if (next % tasksPerLook === 0 && performance.now() > until) {
        letGo();
        breath.take(run);
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
