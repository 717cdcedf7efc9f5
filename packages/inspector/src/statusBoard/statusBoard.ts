import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock, Supervisor, SupervisorEvent } from '@watchkeeper/core';
import { eventSource, requireOption } from '@watchkeeper/core/options';
import { statusBoardCss, statusBoardHtml } from './statusBoardHtml.ts';
import { resolveBoardOptions, type StatusBoardOptions } from './statusBoardOptions.ts';
import type { BoardSnapshot, BoardTarget } from './statusBoardSnapshot.ts';
import { type PublicHealth, publicHealthOf, Uptime } from './uptime.ts';

/** Public status page of a supervisor. */
export interface StatusBoard extends Disposable {
  /** Returns what it shows now. */
  snapshot(): BoardSnapshot;
  /** Responds to a request: with JSON where the path ends in `.json`, else with a page. Mount it at any path. */
  respond(request: IncomingMessage, response: ServerResponse): void;
  /** Stops listening to the supervisor. */
  close(): void;
}

type Incident = { readonly group: string; readonly name: string; readonly from: number; until?: number };

/** A target of one group. Names may be equal, so what belongs to it is found by itself, not by its name. */
type WatchedTarget = { readonly id: string; readonly name: string; uptime?: Uptime; incident?: Incident | undefined };

type WatchedGroup = { readonly name: string; readonly targets: readonly WatchedTarget[] };

/**
 * Makes a public status page of a supervisor: groups, a strip of uptime for each target, incidents. It shows the
 * names given and nothing else of the program: no detail, no address, no id.
 *
 * The caller serves it, and closes it at the end.
 *
 * @throws {@link InvalidOptionError} for the first option that breaks its rule.
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createSupervisor } from '@watchkeeper/core';
 * import { createStatusBoard } from '@watchkeeper/inspector/status-board';
 *
 * const keeper = createSupervisor({ name: 'orders' });
 * const board = createStatusBoard(keeper, {
 *   title: 'Orders',
 *   groups: [{ name: 'Shop', targets: { api: 'Ordering', payments: 'Payments' } }],
 * });
 * createServer((request, response) => board.respond(request, response));
 * ```
 */
export function createStatusBoard(
  supervisor: Pick<Supervisor, 'name' | 'monitorOf' | 'events$'>,
  given: StatusBoardOptions,
): StatusBoard {
  requireOption('statusBoard.supervisor', eventSource<Supervisor>('monitorOf'), supervisor);
  const options = resolveBoardOptions(given);
  return new Board(supervisor, options);
}

class Board implements StatusBoard {
  readonly #options: ReturnType<typeof resolveBoardOptions>;
  readonly #groups: readonly WatchedGroup[];
  readonly #incidents: Incident[] = [];
  readonly #supervisor: Pick<Supervisor, 'monitorOf'>;
  readonly #clock: Clock;
  readonly #subscription: { unsubscribe(): void };

  constructor(supervisor: Pick<Supervisor, 'monitorOf' | 'events$'>, options: ReturnType<typeof resolveBoardOptions>) {
    this.#supervisor = supervisor;
    this.#options = options;
    this.#clock = options.clock;
    this.#groups = options.groups.map(({ name: group, targets }) => ({
      name: group,
      targets: Object.entries(targets).map(([id, name]) => ({ id, name })),
    }));
    for (const target of this.#groups.flatMap(({ targets }) => targets)) this.#find(target);
    this.#subscription = supervisor.events$.subscribe((event) => this.#note(event));
  }

  snapshot(): BoardSnapshot {
    const at = this.#clock.now();
    const { title, barMs } = this.#options;
    return {
      title,
      at,
      barMs,
      groups: this.#groups.map(({ name, targets }) => ({
        name,
        targets: targets.map((target) => this.#shown(target, at)),
      })),
      incidents: this.#incidents.toReversed(),
    };
  }

  respond(request: IncomingMessage, response: ServerResponse): void {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const isJson = /\.json(?:[?#]|$)/.test(request.url ?? '');
    const body = isJson ? JSON.stringify(this.snapshot()) : statusBoardHtml(this.snapshot());
    response.writeHead(isRead ? 200 : 405, {
      'content-type': isJson ? 'application/json' : 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      // It may be framed by anybody: there is nothing on it to be clicked.
      'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`,
      ...(isRead ? {} : { allow: 'GET, HEAD' }),
    });
    response.end(isRead && request.method === 'GET' ? body : undefined);
  }

  close(): void {
    this.#subscription.unsubscribe();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #shown(target: WatchedTarget, at: number): BoardTarget {
    const uptime = this.#find(target);
    const { name } = target;
    if (uptime === undefined) return { name, health: 'unknown', bars: [] };
    const bars = uptime.bars(at);
    const [knownMs, upMs] = [sum(bars.map((bar) => bar.knownMs)), sum(bars.map((bar) => bar.upMs))];
    return { name, health: uptime.health, ...(knownMs === 0 ? {} : { uptime: upMs / knownMs }), bars };
  }

  /** A target may be registered after the board was made. */
  #find(target: WatchedTarget): Uptime | undefined {
    const monitor = target.uptime === undefined ? this.#supervisor.monitorOf(target.id) : undefined;
    if (monitor !== undefined) {
      target.uptime = new Uptime(publicHealthOf(monitor.health), this.#clock.now(), this.#options);
    }
    return target.uptime;
  }

  #note(event: SupervisorEvent): void {
    if (event.type !== 'health.changed') return;
    const health = publicHealthOf(event.to);
    for (const group of this.#groups) {
      for (const target of group.targets) {
        if (target.id !== event.id) continue;
        this.#find(target)?.become(health, event.at);
        this.#noteIncident(group.name, target, health, event.at);
      }
    }
    const excess = this.#incidents.length - this.#options.mostIncidents;
    if (excess > 0) this.#incidents.splice(0, excess);
  }

  #noteIncident(group: string, target: WatchedTarget, health: PublicHealth, at: number): void {
    const { name, incident } = target;
    if (health === 'down' && incident === undefined) {
      target.incident = { group, name, from: at };
      this.#incidents.push(target.incident);
    }
    if (health !== 'down' && health !== 'unknown' && incident !== undefined) {
      incident.until = at;
      target.incident = undefined;
    }
  }
}

const styleHash = createHash('sha256').update(statusBoardCss).digest('base64');

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
