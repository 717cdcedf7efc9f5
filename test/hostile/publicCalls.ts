import { createServer } from 'node:http';
import { Server } from '@grpc/grpc-js';
import * as core from '@watchkeeper/core';
import * as adapters from '@watchkeeper/core/adapters';
import * as events from '@watchkeeper/core/events';
import * as options from '@watchkeeper/core/options';
import * as grpc from '@watchkeeper/grpc';
import * as grpcClient from '@watchkeeper/grpc/client';
import * as http from '@watchkeeper/http';
import * as httpClient from '@watchkeeper/http/client';
import * as inspector from '@watchkeeper/inspector';
import * as statusBoard from '@watchkeeper/inspector/status-board';
import * as probes from '@watchkeeper/probes';
import * as telemetry from '@watchkeeper/telemetry';
import * as openTelemetry from '@watchkeeper/telemetry/opentelemetry';
import * as sqlite from '@watchkeeper/telemetry/sqlite';
import * as testing from '@watchkeeper/testing';
import * as websocket from '@watchkeeper/websocket';
import * as websocketClient from '@watchkeeper/websocket/client';
import { setup } from 'xstate';

/** One public function with arguments it takes. */
export interface PublicCall {
  readonly call: (...given: never[]) => unknown;
  /** Makes arguments that are right. */
  readonly right: () => readonly unknown[];
  /** Which of them are objects of options, by index. */
  readonly optionsAt: readonly number[];
  /** Which of them take whatever is given, by index: what it is shows only when it is used. */
  readonly freeAt?: readonly number[];
}

const keeper = () => core.createSupervisor({ clock: new testing.VirtualClock() });
const pass = async () => ({ status: 'pass' }) as const;
const machine = setup({}).createMachine({ id: 'door', initial: 'closed', states: { closed: {} } });
const instrument = { addCallback: () => {}, removeCallback: () => {}, record: () => {} };
const meter = {
  createHistogram: () => instrument,
  createCounter: () => ({ add: () => {} }),
  createObservableCounter: () => instrument,
  createObservableUpDownCounter: () => instrument,
  createObservableGauge: () => instrument,
  addBatchObservableCallback: () => {},
  removeBatchObservableCallback: () => {},
};

const callOf = (
  call: (...given: never[]) => unknown,
  right: () => readonly unknown[],
  ...optionsAt: number[]
): PublicCall => ({ call, right, optionsAt });

/** As {@link callOf}, where some arguments may be anything: an id that names nothing, a text of any kind. */
const freely = (freeAt: readonly number[], call: PublicCall): PublicCall => ({ ...call, freeAt });

/** A method of an object that is made anew for each call. */
const methodOf = (
  make: () => object,
  name: string,
  right: () => readonly unknown[],
  ...optionsAt: number[]
): PublicCall =>
  callOf(
    (...given) => (make() as Record<string, (...all: unknown[]) => unknown>)[name]?.(...given),
    right,
    ...optionsAt,
  );

const monitored = () => keeper().monitor('api', pass);
const registry = () =>
  new core.Registry({ kind: 'door', logic: core.compile(machine), clock: new testing.VirtualClock() } as never);

/** Every public function that takes more than a value of ours, and every method of what they return that does. */
export const publicCalls: Readonly<Record<string, PublicCall>> = {
  createSupervisor: callOf(core.createSupervisor, () => [{ name: 'a' }], 0),
  defineProbe: callOf(core.defineProbe, () => ['a', pass, { host: 'b' }], 2),
  actorService: callOf(core.actorService, () => [core.compile(machine), {}], 1),
  consumerService: callOf(
    core.consumerService,
    () => [{ resume: async () => {}, pause: async () => {}, inFlight: () => 0 }],
    0,
  ),
  intervalService: callOf(core.intervalService, () => [{ everyMs: 1_000, run: async () => {} }], 0),
  resourceService: callOf(core.resourceService, () => [{ open: async () => ({}), close: async () => {} }], 0),
  compile: callOf(core.compile, () => [machine, { missing: 'defer' }], 1),
  requireDrainBudget: callOf(
    core.requireDrainBudget,
    () => ['a', core.drainDefaults, { terminationGraceMs: 60_000, spentMs: {} }],
    2,
  ),
  TimingWheel: callOf(
    (given) => new core.TimingWheel(given),
    () => [{ host: wheelHost, resolutionMs: 10 }],
    0,
  ),
  Registry: callOf(
    (given) => new core.Registry(given),
    () => [{ kind: 'door', logic: core.compile(machine), clock: new testing.VirtualClock() }],
    0,
  ),
  'Registry.add': freely(
    [1],
    methodOf(registry, 'add', () => ['a', undefined, parent, { restart: 'temporary' }], 3),
  ),
  'Supervisor.monitor': methodOf(keeper, 'monitor', () => ['a', pass, { intervalMs: 5_000 }], 2),
  'Supervisor.composite': methodOf(
    () => monitored() && withMember(),
    'composite',
    () => ['both', { of: ['a'], need: 'all' }, {}],
    1,
    2,
  ),
  'Supervisor.notifier': methodOf(keeper, 'notifier', () => ['a', () => {}, { topics: ['a'] }], 2),
  'Supervisor.reserve': methodOf(keeper, 'reserve', () => ['a', { topics: ['a'] }], 1),
  'Supervisor.noteRefusal': methodOf(keeper, 'noteRefusal', () => [{ by: 'a', reason: 'b', peer: 'c' }], 0),
  'Supervisor.broadcast': methodOf(keeper, 'broadcast', () => [{ type: 'health', topic: 'a', health: 'healthy' }]),
  'Supervisor.drain': methodOf(keeper, 'drain', () => [{ graceMs: 0 }], 0),
  'Supervisor.inspect': methodOf(keeper, 'inspect', () => [() => {}]),
  'Supervisor.observe': freely(
    [0],
    methodOf(keeper, 'observe', () => ['a', () => {}]),
  ),
  'Supervisor.coverage': methodOf(keeper, 'coverage', () => ['monitor']),
  'Supervisor.peek': freely(
    [1],
    methodOf(keeper, 'peek', () => ['monitor', 'a']),
  ),
  'Supervisor.describe': freely(
    [1],
    methodOf(keeper, 'describe', () => ['monitor', 'a']),
  ),
  'Monitor.pause': methodOf(monitored, 'pause', () => [{ ttlMs: 1_000 }], 0),
  'Monitor.update': methodOf(monitored, 'update', () => [{ intervalMs: 1_000 }], 0),
  resolveNotifierLimits: callOf(adapters.resolveNotifierLimits, () => ['a', { maxPending: 5 }], 1),
  drainServer: callOf(grpc.drainServer, () => [new Server(), keeper(), { shutdownMs: 100 }], 2),
  healthService: callOf(grpc.healthService, () => [keeper(), { peerOf: () => 'a' }], 1),
  grpcProbe: callOf(grpcClient.grpcProbe, () => [{ target: '127.0.0.1:1' }], 0),
  watchHealth: callOf(stopped(grpcClient.watchHealth), () => [{ target: '127.0.0.1:1' }], 0),
  drainHttpServer: callOf(http.drainHttpServer, () => [createServer(), keeper(), { firstRequestMs: 100 }], 2),
  forFastify: callOf(http.forFastify, () => [() => true]),
  forHono: callOf(http.forHono, () => [() => true]),
  groupRoutes: freely(
    [1],
    callOf(http.groupRoutes, () => [keeper(), { orders: { need: 'any' } }, { retryAfterMs: 1_000 }], 2),
  ),
  healthAnswers: callOf(http.healthAnswers, () => [keeper(), { retryAfterMs: 1_000 }], 1),
  healthRoutes: callOf(http.healthRoutes, () => [keeper(), { retryAfterMs: 1_000 }], 1),
  loadLimiter: callOf(stopped(http.loadLimiter), () => [{ maxDelayMs: 50 }], 0),
  onSignals: callOf(stopped(http.onSignals), () => [keeper(), { signals: ['SIGUSR2'] }], 1),
  shedLoad: callOf(http.shedLoad, () => [keeper(), { acquire: () => undefined }, {}], 2),
  sseFeed: callOf(http.sseFeed, () => [keeper(), { retryJitter: 0 }], 1),
  superviseResponse: callOf(http.superviseResponse, () => [keeper(), new Response('a'), {}], 2),
  watchSse: callOf(stopped(httpClient.watchSse), () => ['http://127.0.0.1:1/', { onNotice: () => {} }], 1),
  inspect: callOf(stopped(inspector.inspect), () => [keeper(), { port: 0 }], 1),
  createStatusBoard: callOf(stopped(statusBoard.createStatusBoard), () => [keeper(), { title: 'a', groups: [] }], 1),
  createMetrics: callOf(stopped(telemetry.createMetrics), () => [keeper(), { maxMonitors: 5 }], 1),
  jsonLines: callOf(telemetry.jsonLines, () => [{ write: () => true }, () => 0]),
  keepArchive: callOf(stopped(telemetry.keepArchive), () => [keeper(), archive, { intervalMs: 1_000 }], 2),
  never: callOf(telemetry.never, () => [{ name: 'a', after: 'alert.raised', event: 'alert.raised' }], 0),
  within: callOf(telemetry.within, () => [{ name: 'a', after: 'alert.raised', event: 'alert.cleared', ms: 5 }], 0),
  alternating: callOf(telemetry.alternating, () => [{ name: 'a', opens: 'alert.raised', closes: 'alert.cleared' }], 0),
  watchLaws: freely(
    [1],
    callOf(stopped(telemetry.watchLaws), () => [keeper(), telemetry.supervisionLaws(), { slackMs: 5 }], 2),
  ),
  keepHistory: callOf(stopped(telemetry.keepHistory), () => [keeper(), { maxMonitors: 5 }], 1),
  logEvents: callOf(stopped(telemetry.logEvents), () => [keeper(), logger, { maxPerSecond: 5 }], 2),
  metricsRoute: callOf(telemetry.metricsRoute, () => [{ families: () => [] }, '/metrics']),
  badge: callOf(telemetry.badge, () => [{ label: 'a', message: 'b', tone: 'good' }], 0),
  healthBadge: freely(
    [0],
    callOf(telemetry.healthBadge, () => ['a', 'healthy']),
  ),
  uptimeBadge: freely(
    [0],
    callOf(telemetry.uptimeBadge, () => ['a', 1]),
  ),
  recordMetrics: callOf(stopped(openTelemetry.recordMetrics), () => [keeper(), { meter }], 1),
  recordSpans: callOf(stopped(openTelemetry.recordSpans), () => [keeper(), { tracer: { startSpan: () => {} } }], 1),
  openSqlite: callOf(sqlite.openSqlite, () => [':memory:', undefined]),
  createHub: callOf(stopped(websocket.createHub), () => [keeper(), { maxTopics: 5 }], 1),
  createClient: callOf(
    stopped(websocketClient.createClient),
    () => ['ws://127.0.0.1:1/', { connect: () => new EventTarget() }],
    1,
  ),
  agentCheck: callOf(http.agentCheck, () => [keeper(), { degradedWeight: 50 }], 1),
  agentCheckProbe: callOf(probes.agentCheckProbe, () => [{ host: '127.0.0.1', port: 1 }], 0),
  agentEndpoint: callOf(probes.agentEndpoint, () => [{ maxChecks: 5 }], 0),
  agentProbe: callOf(probes.agentProbe, () => [{ agent: 'http://127.0.0.1:1', target: 'http://127.0.0.1:2' }], 0),
  dnsResolver: callOf(probes.dnsResolver, () => [{ attemptMs: 100 }], 0),
  dnsProbe: callOf(probes.dnsProbe, () => [{ name: 'a.test' }], 0),
  dockerProbe: callOf(probes.dockerProbe, () => [{ container: 'a' }], 0),
  egressPolicy: callOf(probes.egressPolicy, () => [{ deny: ['internal'] }], 0),
  ejectionCap: callOf(probes.ejectionCap, () => [{ maxEjectedRatio: 0.5 }], 0),
  execProbe: callOf(probes.execProbe, () => [{ argv: ['/bin/true'] }], 0),
  fileProbe: callOf(probes.fileProbe, () => [{ path: '/nowhere' }], 0),
  fileserverProbe: callOf(probes.fileserverProbe, () => [{ root: '/nowhere' }], 0),
  fromUrl: callOf(probes.fromUrl, () => ['http://127.0.0.1:1/', {}], 1),
  h2Probe: callOf(probes.h2Probe, () => [{ url: 'https://127.0.0.1:1/' }], 0),
  h2cProbe: callOf(probes.h2cProbe, () => [{ url: 'http://127.0.0.1:1/' }], 0),
  httpProbe: callOf(probes.httpProbe, () => [{ url: 'http://127.0.0.1:1/' }], 0),
  passiveProbe: callOf(probes.passiveProbe, () => [{ name: 'a' }], 0),
  processProbe: callOf(probes.processProbe, () => [{}], 0),
  pushProbe: callOf(probes.pushProbe, () => [{ ttlMs: 1_000 }], 0),
  tcpProbe: callOf(probes.tcpProbe, () => [{ host: '127.0.0.1', port: 1 }], 0),
  tlsProbe: callOf(probes.tlsProbe, () => [{ host: '127.0.0.1', port: 1 }], 0),
  transferProbe: callOf(probes.transferProbe, () => [{ host: '127.0.0.1', port: 1 }], 0),
  udpProbe: callOf(probes.udpProbe, () => [{ host: '127.0.0.1', port: 1 }], 0),
  unixProbe: callOf(probes.unixProbe, () => [{ path: '/nowhere' }], 0),
  websocketProbe: callOf(probes.websocketProbe, () => [{ url: 'ws://127.0.0.1:1/' }], 0),
  withFallback: callOf(probes.withFallback, () => [pass, pass, {}], 2),
  VirtualClock: callOf(
    (given) => new testing.VirtualClock(given),
    () => [{ epochMs: 0 }],
    0,
  ),
  explore: callOf(testing.explore, () => [machine, { events: [] }], 1),
  exploreProduct: callOf(testing.exploreProduct, () => [{ door: machine }, { events: [] }], 1),
  fakeConnection: callOf(testing.fakeConnection, () => [{ closing: 'done' }], 0),
  heapTrend: callOf(testing.heapTrend, () => [[1, 2, 3, 4, 5, 6, 7, 8]]),
  inbox: callOf(testing.inbox, () => ['take']),
  replay: callOf(testing.replay, () => [machine, { from: 'closed', steps: [] }], 1),
  scriptedProbe: callOf(testing.scriptedProbe, () => ['+', {}], 1),
};

const parent = core.createLeanActor(core.compile(machine));
const wheelHost = {
  monotonicMs: () => 0,
  wallMs: () => 0,
  wakeIn: () => undefined,
  cancelWake: () => {},
  report: () => {},
};
const archive = { read: async () => undefined, write: async () => {}, close: async () => {} };
const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function withMember(): object {
  const made = keeper();
  made.monitor('a', pass);
  return made;
}

/** Calls, and ends what came of it, at once or when it is there. */
function stopped(call: (...given: never[]) => unknown): (...given: never[]) => unknown {
  return (...given) => {
    const made = call(...given);
    if (made instanceof Promise) return made.then(end);
    return end(made);
  };
}

function end(made: unknown): unknown {
  for (const name of ['stop', 'close', 'detach', 'dispose', 'remove']) {
    const method = (made as Record<string, unknown>)[name];
    if (typeof method === 'function') return method.call(made);
  }
  return undefined;
}

/** Public functions that take values of ours and return a value: they keep nothing, and set nothing going. */
export const plainFunctions = [
  'backoffMs',
  'codeOf',
  'decideRestart',
  'detailOf',
  'heldUpBy',
  'messageOf',
  'noteAnswer',
  'noteHeldUp',
  'redaction',
  'retryAfterHeader',
  'startPing',
  'suspectOptions',
  'textOf',
  'isLoss',
  'levelOf',
  'summaryOf',
  'callable',
  'objectWith',
  'oneOf',
  'optional',
  'eventSource',
  'requireOption',
  'resolveOptions',
  'isReady',
  'isVerdict',
  'systemClock',
  'unwatchTransitions',
  'watchTransitions',
  'worstHealth',
  'createLeanActor',
  'servingStatus',
  'ownAgeOf',
  'supervisionLaws',
  'openMetricsText',
  'prometheusText',
  'closeFrameOf',
  'fitReason',
  'settle',
  'simulate',
];

/** Every function that an entry of a package exports, without classes. */
export const exported = [
  core,
  adapters,
  events,
  options,
  grpc,
  grpcClient,
  http,
  httpClient,
  inspector,
  statusBoard,
  probes,
  telemetry,
  openTelemetry,
  sqlite,
  testing,
  websocket,
  websocketClient,
].flatMap((entry) =>
  Object.entries(entry as Record<string, unknown>)
    .filter(isFunction)
    .map(([name]) => name),
);

function isFunction([, value]: readonly [string, unknown]): boolean {
  return typeof value === 'function' && !String(value).startsWith('class');
}
