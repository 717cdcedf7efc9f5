import { createSupervisor, type Supervisor } from '@watchkeeper/core';
import { transferProbe } from '@watchkeeper/probes/transfer';
import { createActor } from 'xstate';
import { forwardMachine } from './forwardMachine.ts';
import type { WatchedPort, WatchList } from './watchList.ts';

/** Options of watched ports. */
export type WatchOptions = {
  readonly list: WatchList;
  /** Runner of the commands of the list; left out, none is run. */
  readonly folder?: string;
  readonly say: (line: string) => void;
};

/** Ports that are being watched. Dispose it to end the commands that keep them open. */
export interface PortWatch extends Disposable {
  readonly keeper: Supervisor;
}

export function watchPorts({ list, folder, say }: WatchOptions): PortWatch {
  const { ports, graceMs: startGraceMs, intervalMs, timeoutMs, maxAgeMs, maxIdleMs } = list;
  const keeper = createSupervisor({ name: 'port-watch', monitor: { intervalMs, timeoutMs, startGraceMs } });
  const forwards = new Map(ports.flatMap((port) => startForward(port) ?? []));
  const subscription = keeper.events$.subscribe((event) => {
    if (event.type !== 'health.changed') return;
    const { id, to, detail = to } = event;
    if (to !== 'starting' && to !== 'stopped') say(`${id} is ${to}${detail === to ? '' : ` (${detail})`}`);
    // One reconnect for each time a port turns stale, however long it stays so (INV-51).
    if (to === 'stale') forwards.get(id)?.send({ type: 'renew', why: 'it is stale' });
  });
  keeper.start();
  return {
    keeper,
    [Symbol.dispose]() {
      subscription.unsubscribe();
      for (const forward of forwards.values()) forward.stop();
    },
  };

  function startForward({ name, host, port, speaks, forward }: WatchedPort) {
    const probe = transferProbe({ host, port, ...(speaks ? { minBytes: 1 } : { quietMs: timeoutMs / 2 }) });
    // Only what can be renewed grows stale.
    const monitor = keeper.monitor(name, probe, forward === undefined ? {} : { maxAgeMs, maxIdleMs });
    if (forward === undefined || folder === undefined) return undefined;
    const input = { command: { words: forward, folder }, monitor, say: (line: string) => say(`${name} ${line}`) };
    return [[name, createActor(forwardMachine, { input }).start()]] as const;
  }
}
