import { isVerdict, type Probe } from '@watchkeeper/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  agentCheckProbe,
  agentProbe,
  dnsProbe,
  dockerProbe,
  h2cProbe,
  h2Probe,
  httpProbe,
  tcpProbe,
  tlsProbe,
  transferProbe,
  udpProbe,
  websocketProbe,
} from '../src/index.ts';
import { serveDatagrams } from './support/datagrams.ts';
import { misbehaviours, serve } from './support/tcpServers.ts';
import { deadline, until } from './support/waiting.ts';

const host = '127.0.0.1';

/** Every probe that listens to a stream, set to hear as much as it can. */
function listeners(port: number): Probe[] {
  const at = `${host}:${port}`;
  return [
    tcpProbe({ host, port }),
    transferProbe({ host, port, minBytes: 1_000_000 }),
    transferProbe({ host, port, script: [{ expect: /never \w+ said/ }, { startTls: true }], quietMs: 20 }),
    httpProbe({ url: `http://${at}`, method: 'GET', bodyJson: { a: 1 } }),
    httpProbe({ url: `http://${at}`, method: 'GET', keepAliveMs: 10 }),
    httpProbe({ url: `https://${at}` }),
    h2cProbe({ url: `h2c://${at}`, method: 'GET', bodyContains: 'a' }),
    h2Probe({ url: `h2://${at}` }),
    websocketProbe({ url: `ws://${at}`, expect: 'never' }),
    tlsProbe({ host, port }),
    dockerProbe({ container: 'a', engine: `tcp://${at}` }),
    agentCheckProbe({ host, port }),
    agentProbe({ agent: `http://${at}/`, target: 'tcp://a:1' }),
  ];
}

const openings = [
  '',
  'HTTP/1.1 200 OK\r\n',
  'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n',
  'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\n\r\n',
  // HTTP/2: an empty SETTINGS frame, then whatever comes.
  '\x00\x00\x00\x04\x00\x00\x00\x00\x00',
  // TLS: the head of a handshake record.
  '\x16\x03\x03\x00\x40\x02',
];

interface Malice {
  readonly opening: string;
  readonly chunks: readonly Uint8Array[];
  readonly speaksFirst: boolean;
  readonly ending: 'close' | 'reset' | 'stay';
}

const stream: fc.Arbitrary<Malice> = fc.record({
  opening: fc.constantFrom(...openings),
  chunks: fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 }),
  speaksFirst: fc.boolean(),
  ending: fc.constantFrom('close', 'reset', 'stay'),
});

let unhandled: unknown[] = [];
const note = (error: unknown): void => void unhandled.push(error);
beforeEach(() => {
  unhandled = [];
  process.on('unhandledRejection', note).on('uncaughtException', note);
});
afterEach(() => {
  process.off('unhandledRejection', note).off('uncaughtException', note);
});

/** What came of a check: a verdict, or an error that says the check broke. */
async function outcome(probe: Probe, deadlineMs: number): Promise<boolean> {
  try {
    return isVerdict(await probe(deadline(deadlineMs)));
  } catch (error) {
    return (error as { code?: unknown }).code === 'CHECK_BROKEN';
  }
}

/** So many cases are told at once, each to probes of its own: some wait for their deadline, in real time. */
const abreast = 4;

/** Every probe that listens, before one server that says what it is told to. */
async function streamLane() {
  let told: Malice | undefined;
  const { port, open } = await serve((socket) => {
    const speak = (): void => {
      socket.write(told?.opening ?? '', 'latin1');
      for (const chunk of told?.chunks ?? []) socket.write(chunk);
      if (told?.ending === 'close') socket.end();
      if (told?.ending === 'reset') socket.resetAndDestroy();
    };
    if (told?.speaksFirst) speak();
    else socket.once('data', speak);
    socket.resume();
  });
  const probes = listeners(port);
  const outcomes = (malice: Malice | undefined, deadlineMs: number) => {
    told = malice;
    return Promise.all(probes.map((probe) => outcome(probe, deadlineMs)));
  };
  return { open, outcomes };
}

/** Both probes of datagrams, before one server that answers what it is told to. */
async function datagramLane() {
  let reply: Uint8Array = new Uint8Array();
  const { port } = await serveDatagrams((query, from, socket) => {
    // The first two bytes let a forged answer pass for the answer to the question.
    socket.send(Buffer.concat([query.subarray(0, 2), reply]), from.port, from.address);
  });
  const udp = udpProbe({ host, port, send: 'ping', expect: 'never' });
  const dns = dnsProbe({ name: 'a.test', servers: [`${host}:${port}`] });
  const outcomes = (bytes: Uint8Array = new Uint8Array(), deadlineMs = 30) => {
    reply = bytes;
    return Promise.all([udp, dns].map((probe) => outcome(probe, deadlineMs)));
  };
  return { outcomes };
}

describe('every probe that listens', () => {
  it('answers any stream of bytes within its deadline, closes its socket, and leaves nothing unhandled', async () => {
    const lanes = await Promise.all(Array.from({ length: abreast }, streamLane));
    const deadlineMs = 100;
    await fc.assert(
      fc.asyncProperty(fc.array(stream, { minLength: abreast, maxLength: abreast }), async (streams) => {
        const outcomes = await Promise.all(lanes.map((lane, at) => lane.outcomes(streams[at], deadlineMs)));
        expect(outcomes.flat().filter((isOne) => !isOne)).toEqual([]);
        await until(() => lanes.every(({ open }) => open.size === 0));
      }),
      { numRuns: 40 / abreast },
    );
    expect(unhandled).toEqual([]);
  });

  it('answers any datagram within its deadline', async () => {
    const lanes = await Promise.all(Array.from({ length: abreast }, datagramLane));
    const bytes = fc.uint8Array({ maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { minLength: abreast, maxLength: abreast }), async (replies) => {
        const outcomes = await Promise.all(lanes.map((lane, at) => lane.outcomes(replies[at], 30)));
        expect(outcomes).toEqual(lanes.map(() => [true, true]));
      }),
      { numRuns: 40 / abreast },
    );
    expect(unhandled).toEqual([]);
  });

  it.each(openings)('takes bounded memory from an endless stream that begins with %j', async (opening) => {
    const { port, open } = await serve(misbehaviours.flood(opening));
    const before = held();
    const running = Promise.all(listeners(port).map((probe) => outcome(probe, 150)));
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, held() - before);
    }, 5);
    await running;
    clearInterval(watch);
    expect(most).toBeLessThan(64_000_000);
    await until(() => open.size === 0);
    expect(unhandled).toEqual([]);
  });
});

function held(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
