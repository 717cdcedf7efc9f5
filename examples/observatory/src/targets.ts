import { defineProbe, type MonitorOptions, type Probe } from '@watchkeeper/core';
import { h2cProbe } from '@watchkeeper/probes/h2';
import { httpProbe } from '@watchkeeper/probes/http';
import { tcpProbe } from '@watchkeeper/probes/tcp';
import { transferProbe } from '@watchkeeper/probes/transfer';
import { FaultyPort } from './faultyPort.ts';
import { close, freePort, listen, mailServer, meshServer, shopServer, webServer } from './servers.ts';

/** One thing to watch, how, and what can be done to it. */
export interface Target {
  readonly id: string;
  /** What it is, for people. */
  readonly what: string;
  readonly probe: Probe;
  readonly options?: MonitorOptions;
  /** The port to give trouble to, where there is a server behind it. */
  readonly port?: FaultyPort;
  /** Whether its check is broken: not the target's fault, and not its health. */
  isBroken: boolean;
}

/** Real servers on this machine, some of them in trouble. */
export interface Targets extends AsyncDisposable {
  readonly watched: readonly Target[];
}

const host = '127.0.0.1';

/** How long the flapping target is up, then down, in milliseconds. */
const upMs = 12_000;
const downMs = 7_000;

/** An answer that takes longer is a warning, in milliseconds. */
const slowAfterMs = 800;

/** A tunnel that nobody got through to for this long is stale, in milliseconds. */
const staleAfterMs = 6_000;

/** Starts every target on a free port. Dispose them to free the ports. */
export async function startTargets(): Promise<Targets> {
  const mailFront = await front(mailServer('220 mail.local ready\r\n'));
  const fronts = {
    mail: mailFront,
    web: await front(webServer()),
    mesh: await front(meshServer()),
    shop: await front(shopServer(mailFront.port.port)),
    tunnel: await front(mailServer('well met\r\n')),
    mute: await front(mailServer()),
    flapping: await front(webServer()),
  };
  const { mail, web, mesh, shop, tunnel, mute, flapping } = fronts;
  const stopFlapping = flap(flapping.port);

  // Those that are meant to fail do not make the whole program unready.
  const optional = { requiredFor: [] };
  const watched = [
    target('web', 'an HTTP server', httpProbe({ url: url(web), slowAfterMs }), web),
    target('mesh', 'an HTTP/2 server, with PING', h2cProbe({ url: url(mesh), ping: 'also' }), mesh),
    target(
      'mail',
      'a TCP server that greets',
      transferProbe({ host, port: mail.port.port, script: [{ expect: /^220 / }] }),
      mail,
    ),
    target('shop', 'an HTTP server that needs mail', httpProbe({ url: url(shop), slowAfterMs }), shop, {
      ...optional,
      dependsOn: ['mail'],
      alertAfter: 2,
    }),
    target(
      'tunnel',
      'a TCP tunnel, renewed when stale',
      transferProbe({ host, port: tunnel.port.port, minBytes: 1 }),
      tunnel,
      { ...optional, maxIdleMs: staleAfterMs },
    ),
    target(
      'mute',
      'a TCP server that says nothing',
      transferProbe({ host, port: mute.port.port, minBytes: 1 }),
      mute,
      optional,
    ),
    target('flapping', 'an HTTP server that goes and comes', httpProbe({ url: url(flapping) }), flapping, {
      ...optional,
      alertAfter: 1,
      flapHalfLifeMs: 30_000,
      flapSuppress: 1.5,
    }),
    target('nobody', 'a port on which nobody listens', tcpProbe({ host, port: await freePort() }), undefined, optional),
  ];
  return {
    watched,
    async [Symbol.asyncDispose]() {
      stopFlapping();
      await Promise.all(Object.values(fronts).map((each) => each[Symbol.asyncDispose]()));
    },
  };
}

/** A server with a faulty port before it. */
interface Front extends AsyncDisposable {
  readonly port: FaultyPort;
}

async function front(server: Parameters<typeof listen>[0]): Promise<Front> {
  const port = await FaultyPort.before(await listen(server));
  return {
    port,
    async [Symbol.asyncDispose]() {
      await port[Symbol.asyncDispose]();
      await close(server);
    },
  };
}

const url = ({ port }: Front): string => `http://${host}:${port.port}/`;

function target(id: string, what: string, asked: Probe, at?: Front, options?: MonitorOptions): Target {
  const made: Target = {
    id,
    what,
    isBroken: false,
    probe: defineProbe(asked.name, async (signal) => {
      if (made.isBroken) throw new Error('the check itself is broken');
      return asked(signal);
    }),
    ...(options === undefined ? {} : { options }),
    ...(at === undefined ? {} : { port: at.port }),
  };
  return made;
}

/** Takes the port down and up again until told to leave it. */
function flap(port: FaultyPort): () => void {
  let timer: NodeJS.Timeout | undefined;
  const goDown = () => {
    port.trouble = 'down';
    timer = setTimeout(comeUp, downMs);
  };
  const comeUp = () => {
    port.trouble = 'none';
    timer = setTimeout(goDown, upMs);
  };
  timer = setTimeout(goDown, upMs);
  return () => clearTimeout(timer);
}
