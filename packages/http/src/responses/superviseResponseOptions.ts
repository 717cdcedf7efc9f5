import type { ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import { type Clock, type GoawayNotice, systemClock } from '@watchkeeper/core';
import { clockRule } from '@watchkeeper/core/adapters';
import {
  callable,
  durationMs,
  objectWith,
  optional,
  type Rules,
  resolveOptions,
  text,
} from '@watchkeeper/core/options';

/** A response of `node:http`, `node:https` or `node:http2`, which Express and Fastify's `reply.raw` are too. */
export type NodeResponse = ServerResponse | Http2ServerResponse;

/** Options of `superviseResponse`. */
export interface SuperviseResponseOptions {
  /**
   * Names the peer, for the cap on sessions of one peer. On a drained server the connection has its own.
   * @default the remote address of a response of Node, none of one of fetch
   */
  readonly peer?: string | undefined;
  /**
   * How long the response goes on once its client is told to go, until `signal` aborts, in milliseconds; never longer than
   * the grace it is told.
   * @default the grace it is told
   */
  readonly graceMs?: number | undefined;
  /**
   * Called once, when the client is to go: write a last word and end the response, or let it come to its end. One that
   * throws ends the response.
   * @default nothing
   */
  readonly onGoaway?: (notice: GoawayNotice) => void;
  /**
   * Of a response of fetch: Node's response that it goes out on, as Hono has it in `c.env.outgoing`. With it the response
   * is known to be part of its connection.
   * @default none
   */
  readonly outgoing?: NodeResponse | undefined;
  /**
   * The source of time.
   * @default the process's clock
   */
  readonly clock?: Clock;
}

/** Defaults of {@link SuperviseResponseOptions}. */
export const superviseResponseDefaults = {
  peer: undefined,
  graceMs: undefined,
  onGoaway: () => {},
  outgoing: undefined,
} as const satisfies Required<Omit<SuperviseResponseOptions, 'clock'>>;

const rules: Rules<SuperviseResponseOptions> = {
  peer: optional(text),
  graceMs: optional(durationMs),
  onGoaway: callable<(notice: GoawayNotice) => void>(),
  outgoing: optional(objectWith<NodeResponse>('end', 'destroy')),
  clock: clockRule,
};

/** @throws `InvalidOptionError` for the first option that breaks its rule. */
export function resolveSuperviseResponseOptions(given: SuperviseResponseOptions | undefined) {
  const defaults: Required<SuperviseResponseOptions> = { ...superviseResponseDefaults, clock: systemClock() };
  return resolveOptions<Required<SuperviseResponseOptions>>('superviseResponse', rules, defaults, given);
}
