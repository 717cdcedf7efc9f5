import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { createSupervisor, type DrainReport, type Supervisor, systemClock } from '@watchkeeper/core';
import { type Inspector, inspect } from '@watchkeeper/inspector';
import { createActor } from 'xstate';
import { AlertDesk } from './alerts/desk.ts';
import { followAlerts } from './alerts/followAlerts.ts';
import type { Outages } from './alerts/outages.ts';
import { type CheckedConfig, checkConfig, type Environment } from './checkedConfig.ts';
import { adoptDestinations } from './destinations.ts';
import { type Front, serveFront } from './http/front.ts';
import type { Log } from './log.ts';
import { sayDelivery, sayEnd, sayEvent, sayReload } from './narrate.ts';
import { type ReloadOutcome, reloadMachine } from './reload/reloadMachine.ts';
import { watchFile } from './reload/watchFile.ts';
import { applyPlan } from './routes/applyPlan.ts';
import { planReload, type ReloadPlan } from './routes/reloadPlan.ts';

/** Options of a gateway. */
export interface GatewayOptions {
  /** The path of the configuration. */
  readonly file: string;
  readonly environment: Environment;
  readonly log: Log;
}

/** How long after a change the file is read, in milliseconds. */
const settleMs = 100;

/** A gateway: what it watches, whom it tells, and what it serves. */
export class Gateway {
  readonly keeper: Supervisor = createSupervisor({ name: 'gateway' });
  readonly #options: GatewayOptions;
  readonly #desk: AlertDesk;
  readonly #outages: Outages;
  readonly #reloader = createActor(reloadMachine, {
    input: {
      reload: (signal) => this.#reload(signal),
      settleMs,
      tell: (result) => this.#say(sayReload(result)),
    },
  });
  #text: string;
  #current: CheckedConfig;
  #front: Front | undefined;
  #inspector: Inspector | undefined;
  #stopWatching = () => {};

  private constructor(options: GatewayOptions, text: string) {
    this.#options = options;
    this.#text = text;
    this.#current = checkConfig(basename(options.file), text, options.environment);
    this.#desk = new AlertDesk({ clock: systemClock(), tell: (event) => this.#say(sayDelivery(event)) });
    this.#outages = followAlerts(this.keeper, {
      desk: this.#desk,
      notifyOf: (id) => {
        const { routes, alerts } = this.#current.config;
        return routes[id]?.notify ?? Object.keys(alerts);
      },
    });
  }

  /**
   * Starts everything a configuration asks for.
   *
   * @throws `ConfigError` when the configuration is not good; nothing was started then.
   */
  static async start(options: GatewayOptions): Promise<Gateway> {
    const gateway = new Gateway(options, await readFile(options.file, 'utf8'));
    await gateway.#begin();
    return gateway;
  }

  /** Address it listens on. */
  get url(): string {
    return this.#front?.url ?? '';
  }

  get inspectorUrl(): string | undefined {
    return this.#inspector?.url;
  }

  /** Reads the configuration again, also where the file has not changed since: variables may have. */
  reload(): void {
    this.#text = '';
    this.#reloader.send({ type: 'asked' });
  }

  /** Ends what a drained supervisor does not: delivers what is owed, and reports. */
  async finish(report: DrainReport): Promise<void> {
    this.#stopWatching();
    this.#reloader.stop();
    const deliveries = await this.#desk.close();
    await this.#front?.closed;
    await this.#inspector?.[Symbol.asyncDispose]();
    for (const line of sayEnd(report, deliveries)) this.#say(line);
  }

  async #begin(): Promise<void> {
    const { config, watches } = this.#current;
    this.keeper.events$.subscribe((event) => this.#say(sayEvent(event)));
    this.#adopt({ config: { ...config, alerts: {} }, watches: [] }, { config, watches });
    this.#front = await serveFront({
      keeper: this.keeper,
      config: () => this.#current.config,
      destinations: () => this.#desk.statuses(),
    });
    if (config.inspector !== undefined) this.#inspector = await inspect(this.keeper, config.inspector);
    this.keeper.start();
    this.#reloader.start();
    this.#stopWatching = watchFile(this.#options.file, () => this.#reloader.send({ type: 'changed' }));
  }

  async #reload(signal: AbortSignal): Promise<ReloadOutcome> {
    const { file, environment } = this.#options;
    const text = await readFile(file, { encoding: 'utf8', signal });
    if (text === this.#text) return { type: 'same' };
    this.#text = text;
    const next = checkConfig(basename(file), text, environment, this.#current);
    if (this.keeper.phase !== 'running') throw new Error('The program is ending');
    // From here on nothing waits and nothing can fail: it was rehearsed.
    return this.#adopt(this.#current, next);
  }

  #adopt(before: CheckedConfig, next: CheckedConfig): ReloadOutcome {
    this.#current = next;
    const touched = adoptDestinations(this.#desk, before.config.alerts, next.config.alerts);
    const plan = planReload(before.watches, next.watches);
    applyPlan(this.keeper, plan);
    for (const id of plan.removed) {
      if (this.#outages.forget(id)) this.#say(`${id} was down and is no longer watched; nobody is told more of it`);
    }
    return { type: 'applied', summary: sum(plan, touched) };
  }

  #say(line: string | undefined): void {
    if (line !== undefined) this.#options.log(line);
  }
}

function sum({ start, stop, removed, update, unchanged }: ReloadPlan, destinations: number): string {
  const anew = stop.length - removed.length;
  return [
    `${start.length - anew} routes added`,
    `${removed.length} removed`,
    `${update.length + anew} changed`,
    `${unchanged.length} left alone`,
    `${destinations} destinations changed`,
  ].join(', ');
}
