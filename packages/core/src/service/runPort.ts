import { ServiceStopError } from '../errors.ts';
import { codeOf } from '../foreignText.ts';
import type { StopReason } from '../model/service.ts';
import { durationMs, requireOption } from '../rules.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { RunEvent, RunScope, RunService } from './runScope.ts';
import type { ServicePort } from './servicePort.ts';

/** Runs the function of a service, one run after the other. */
export class RunPort implements ServicePort {
  readonly #id: string;
  readonly #function: RunService;
  readonly #runtime: Runtime;
  readonly #isClosed: () => boolean;
  #run: Run | undefined;

  /** @param isClosed whether a drain has begun: a run whose turn comes after that is not begun (INV-86). */
  constructor(id: string, run: RunService, runtime: Runtime, isClosed: () => boolean) {
    this.#id = id;
    this.#function = run;
    this.#runtime = runtime;
    this.#isClosed = isClosed;
  }

  get beatAt(): number {
    return this.#run?.beatAt ?? 0;
  }

  begin(number: number, tell: (event: RunEvent) => void): void {
    this.#run?.silence();
    const run = new Run(number, this.#runtime, tell);
    this.#run = run;
    this.#runtime.runQueue.push(() => {
      if (this.#isClosed()) run.stop('drain');
      run.begin(this.#function, new Scope(this.#id, run));
    });
  }

  awaitBeat(): void {
    this.#run?.awaitBeat();
  }

  quiesce(): void {
    const run = this.#run;
    if (run !== undefined) this.#runtime.runQueue.push(() => run.quiesce());
  }

  stop(reason: StopReason): void {
    const run = this.#run;
    if (run !== undefined) this.#runtime.runQueue.push(() => run.stop(reason));
  }
}

/** One run. Its signals are made when they are asked for. */
class Run {
  readonly number: number;
  readonly #runtime: Runtime;
  #tell: ((event: RunEvent) => void) | undefined;
  #stopError: ServiceStopError | undefined;
  #isDraining = false;
  #signal: AbortController | undefined;
  #draining: AbortController | undefined;
  #isBeatOverdue = false;
  beatAt: number;

  constructor(number: number, runtime: Runtime, tell: (event: RunEvent) => void) {
    this.number = number;
    this.#runtime = runtime;
    this.#tell = tell;
    this.beatAt = runtime.clock.now();
  }

  get signal(): AbortSignal {
    this.#signal ??= controllerOf(this.#stopError);
    return this.#signal.signal;
  }

  get draining(): AbortSignal {
    this.#draining ??= controllerOf(this.#stopError ?? (this.#isDraining ? new ServiceStopError('drain') : undefined));
    return this.#draining.signal;
  }

  begin(run: RunService, scope: RunScope): void {
    if (this.#tell === undefined) return;
    // Told to stop before it was begun: its function is not called at all.
    if (this.#stopError !== undefined) {
      this.#end({ type: 'run.done' });
      return;
    }
    try {
      Promise.resolve(run(scope)).then(
        () => this.#end({ type: 'run.done' }),
        (cause) => this.#fail(cause),
      );
    } catch (cause) {
      this.#fail(cause);
    }
  }

  quiesce(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    this.#draining?.abort(new ServiceStopError('drain'));
  }

  stop(reason: StopReason): void {
    if (this.#stopError !== undefined) return;
    this.#stopError = new ServiceStopError(reason);
    this.#isDraining = true;
    this.#draining?.abort(this.#stopError);
    this.#signal?.abort(this.#stopError);
  }

  beat(): void {
    this.beatAt = this.#runtime.clock.now();
    if (!this.#isBeatOverdue) return;
    this.#isBeatOverdue = false;
    this.say({ type: 'run.beat' });
  }

  /** Has the next beat told as an event. */
  awaitBeat(): void {
    this.#isBeatOverdue = true;
  }

  sleep(ms: number): Promise<void> {
    requireOption('scope.sleep.ms', durationMs, ms);
    const { signal } = this;
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const { clock } = this.#runtime;
      const end = () => {
        clock.clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = clock.setTimeout(end, ms);
      signal.addEventListener('abort', end);
    });
  }

  say(event: RunEvent): void {
    this.#tell?.(event);
  }

  /** Lets nothing be heard of it any more. */
  silence(): void {
    this.#tell = undefined;
  }

  #end(event: RunEvent): void {
    const tell = this.#tell;
    this.#tell = undefined;
    tell?.(event);
  }

  #fail(cause: unknown): void {
    this.#end(this.#stopError !== undefined && isStop(cause) ? { type: 'run.done' } : { type: 'run.failed', cause });
  }
}

/** What the function of a run is given. Each part is made when it is asked for, so that one that is not used costs nothing. */
class Scope implements RunScope {
  readonly id: string;
  readonly #run: Run;

  constructor(id: string, run: Run) {
    this.id = id;
    this.#run = run;
  }

  get run(): number {
    return this.#run.number;
  }

  get signal(): AbortSignal {
    return this.#run.signal;
  }

  get draining(): AbortSignal {
    return this.#run.draining;
  }

  get ready(): () => void {
    return () => this.#run.say({ type: 'run.ready' });
  }

  get degraded(): (detail?: string) => void {
    return (detail) => this.#run.say({ type: 'run.degraded', detail });
  }

  get notReady(): (detail?: string) => void {
    return (detail) => this.#run.say({ type: 'run.notReady', detail });
  }

  get beat(): () => void {
    return () => this.#run.beat();
  }

  get sleep(): (ms: number) => Promise<void> {
    return (ms) => this.#run.sleep(ms);
  }

  get quiet(): () => void {
    return () => this.#run.say({ type: 'run.quiet' });
  }
}

/** Whether a run that was told to stop rejected with what it was told, in whatever words. */
function isStop(cause: unknown): boolean {
  const code = codeOf(cause);
  if (code === 'SERVICE_STOP' || code === 'ABORT_ERR') return true;
  try {
    return (cause as { name?: unknown } | null | undefined)?.name === 'AbortError';
  } catch {
    return false;
  }
}

/** Returns a controller that has aborted where there is a reason. */
function controllerOf(reason: ServiceStopError | undefined): AbortController {
  const controller = new AbortController();
  if (reason !== undefined) controller.abort(reason);
  return controller;
}
