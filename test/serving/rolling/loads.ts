import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What became of a load's requests. Nothing is tried again, except what HTTP/2 names as never begun. */
export interface Tally {
  asked: number;
  answered: number;
  readonly failed: string[];
}

/** Where a load goes, and when it ends. */
export interface LoadInput {
  readonly port: number;
  readonly ca?: string;
  readonly over: () => boolean;
  readonly tally: Tally;
}

/** The longest pause of a client between two requests on one connection, in milliseconds. */
export const idleGapMs = 20;

const body = 'x'.repeat(2_000);

async function repeat({ over, tally }: LoadInput, ask: () => Promise<void>): Promise<void> {
  while (!over()) {
    tally.asked += 1;
    await ask().then(
      () => {
        tally.answered += 1;
      },
      (cause: NodeJS.ErrnoException) => tally.failed.push(cause.code ?? cause.message),
    );
    await pause(Math.random() * idleGapMs);
  }
}

type Manner = 'get' | 'post' | 'expect' | 'slow';

/** Node's own client with kept connections. */
function byAgent(manner: Manner, keepAlive = true) {
  return async (input: LoadInput) => {
    const agent = new (input.ca === undefined ? Agent : SecureAgent)({ keepAlive, maxSockets: 1 });
    await repeat(input, () => exchange(input, agent, manner));
    agent.destroy();
  };
}

async function exchange({ port, ca }: LoadInput, agent: Agent, manner: Manner): Promise<void> {
  const call = ca === undefined ? request : secureRequest;
  const asked = call({
    port,
    agent,
    host: '127.0.0.1',
    method: manner === 'get' ? 'GET' : 'POST',
    headers:
      manner === 'get' ? {} : { 'Content-Length': body.length, ...(manner === 'expect' && { Expect: '100-continue' }) },
    ...(ca === undefined ? {} : { ca, servername: 'localhost' }),
  });
  const answered = once(asked, 'response');
  if (manner === 'expect') {
    asked.flushHeaders();
    await Promise.race([once(asked, 'continue'), answered]);
  }
  if (manner === 'slow') {
    for (let at = 0; at < body.length; at += 500) {
      asked.write(body.slice(at, at + 500));
      await pause(10);
    }
    asked.end();
  } else asked.end(manner === 'get' ? '' : body);
  const [response] = await answered;
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  const expected = manner === 'get' ? 'GET 0' : `POST ${body.length}`;
  if (response.statusCode !== 200 || text !== expected) throw new Error(`${response.statusCode} ${text}`);
}

/** undici, as Node ships it. */
async function byFetch(input: LoadInput): Promise<void> {
  await repeat(input, async () => {
    const response = await fetch(`http://127.0.0.1:${input.port}/`, { method: 'POST', body }).catch(({ cause }) => {
      throw cause;
    });
    const text = await response.text();
    if (text !== `POST ${body.length}`) throw new Error(`${response.status} ${text}`);
  });
}

/** Four requests in one segment, four answers, until the connection says that it closes. */
async function byPipeline(input: LoadInput): Promise<void> {
  let socket: Socket | undefined;
  await repeat(input, async () => {
    if (socket === undefined || socket.destroyed || !socket.writable) {
      socket = connect(input.port, '127.0.0.1').setEncoding('utf8');
      socket.on('error', () => {});
      await once(socket, 'connect');
    }
    const { text, closes } = await pipelined(socket);
    if (text.split('GET 0').length !== 5) throw new Error(`${text.split('GET 0').length - 1} of 4 answers`);
    if (closes) socket = void socket.end();
  });
  socket?.destroy();
}

function pipelined(socket: Socket): Promise<{ text: string; closes: boolean }> {
  return new Promise((resolve, reject) => {
    let text = '';
    const take = (chunk: string) => {
      text += chunk;
      if (text.split('GET 0').length === 5) end();
    };
    const end = () => {
      socket.off('data', take).off('close', end);
      if (text === '') reject(new Error('closed without an answer'));
      else resolve({ text, closes: /Connection: close/i.test(text) });
    };
    socket.on('data', take).once('close', end);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(4));
  });
}

/** HTTP/2 with streams side by side. A stream that was refused was never begun, and is sent again on another session. */
function byHttp2(scheme: 'http' | 'https') {
  return async (input: LoadInput) => {
    let session: ClientHttp2Session | undefined;
    await repeat(input, async () => {
      for (;;) {
        if (session === undefined || session.closed || session.destroyed) {
          const { ca } = input;
          session = connectHttp2(
            `${scheme}://127.0.0.1:${input.port}`,
            ca === undefined ? {} : { ca, servername: 'localhost' },
          );
          session.on('error', () => {});
        }
        const ends = await Promise.all([stream(session), stream(session)]);
        if (!ends.includes('refused')) return;
      }
    });
    session?.destroy();
  };
}

function stream(session: ClientHttp2Session): Promise<'answered' | 'refused'> {
  return new Promise((resolve, reject) => {
    const asked = session.request({ ':method': 'POST', ':path': '/' });
    let text = '';
    asked.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    asked.on('error', () => {});
    asked.once('close', () => {
      if (text === `POST ${body.length}`) resolve('answered');
      else if (asked.rstCode === 7 || asked.id === undefined || session.closed) resolve('refused');
      else reject(new Error(`stream ended with ${asked.rstCode}: ${text}`));
    });
    asked.end(body);
  });
}

/** Every kind of client: the server it speaks to, and its load. */
export const loads: Readonly<
  Record<string, { readonly server: string; readonly run: (input: LoadInput) => Promise<void> }>
> = {
  'Node’s agent': { server: 'http1', run: byAgent('get') },
  'POST with bodies': { server: 'http1', run: byAgent('post') },
  undici: { server: 'http1', run: byFetch },
  'Expect: 100-continue': { server: 'http1', run: byAgent('expect') },
  'slow uploads': { server: 'http1', run: byAgent('slow') },
  'a new connection for each request': { server: 'http1', run: byAgent('post', false) },
  pipelining: { server: 'http1', run: byPipeline },
  'HTTP/2': { server: 'http2', run: byHttp2('http') },
  'TLS with HTTP/1.1': { server: 'tls', run: byAgent('post') },
  'TLS with HTTP/2': { server: 'tls', run: byHttp2('https') },
};
