import { EventEmitter } from 'node:events';
import type { Metadata } from '@grpc/grpc-js';
import { createSupervisor, type SupervisorEvent, type SupervisorOptions } from '@watchkeeper/core';
import { VirtualClock } from '@watchkeeper/testing';
import { type HealthServiceOptions, healthService, type ServingStatus } from '../../src/index.ts';
import type { CallStatus } from '../../src/protocol/callStatus.ts';
import { target } from './testServer.ts';

/** The server's end of a Watch whose client reads only when it is told to. */
export class FakeWatchCall extends EventEmitter {
  cancelled = false;
  readonly request: { readonly service: string };
  readonly written: ServingStatus[] = [];
  readonly ends: (number | 'ok')[] = [];
  /** What a refusal said. */
  details: string | undefined;
  reads = true;

  constructor(service: string) {
    super();
    this.request = { service };
    this.once('cancelled', () => {
      this.cancelled = true;
    });
    this.on('error', ({ code, details, metadata }: CallStatus & { metadata?: Metadata }) => {
      this.trailers = metadata;
      this.details = details;
      this.finish(code);
    });
  }

  getPeer(): string {
    return '192.0.2.1:50000';
  }

  write({ status }: { status: ServingStatus }): boolean {
    this.written.push(status);
    return this.reads;
  }

  /** Trailing metadata. */
  trailers: Metadata | undefined;

  end(metadata?: Metadata): void {
    this.trailers = metadata;
    this.finish('ok');
  }

  finish(end: number | 'ok'): void {
    this.ends.push(end);
    if (this.reads) this.emit('cancelled');
  }
}

/** A supervisor on a virtual clock with one service, `api`, and calls that need no network. */
export function fakeServed(options: HealthServiceOptions = {}, supervisor: SupervisorOptions = {}) {
  const clock = new VirtualClock();
  const keeper = createSupervisor({ clock, ...supervisor });
  const events: SupervisorEvent[] = [];
  keeper.events$.subscribe((event) => events.push(event));
  const service = healthService(keeper, options);
  const api = target(keeper, 'api');
  keeper.start();
  const watch = (name: string, reads = true) => {
    const call = new FakeWatchCall(name);
    call.reads = reads;
    service.implementation.watch(call);
    return call;
  };
  return { clock, keeper, events, service, api, watch };
}
