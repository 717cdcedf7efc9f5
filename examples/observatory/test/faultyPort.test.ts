import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultyPort } from '../src/faultyPort.ts';
import { close, listen, mailServer } from '../src/servers.ts';

const server = mailServer('220 well met\r\n');
let port: FaultyPort;

beforeEach(async () => {
  port = await FaultyPort.before(await listen(server));
});

afterEach(async () => {
  await port[Symbol.asyncDispose]();
  await close(server);
});

/** The first word that comes through, or the code of the error that comes instead. */
async function ask(): Promise<string> {
  const socket = connect(port.port, '127.0.0.1');
  try {
    const [piece] = await once(socket, 'data');
    return String(piece).slice(0, 3);
  } catch (cause) {
    return String(Reflect.get(cause as object, 'code'));
  } finally {
    socket.destroy();
  }
}

describe('a faulty port', () => {
  it('lets through, refuses, resets, and lets through again', async () => {
    expect(await ask()).toBe('220');
    port.trouble = 'down';
    expect(await ask()).toBe('ECONNREFUSED');
    port.trouble = 'reset';
    expect(await ask()).toBe('ECONNRESET');
    port.trouble = 'none';
    expect(await ask()).toBe('220');
  });

  it('ends what is open when trouble comes', async () => {
    const socket = connect(port.port, '127.0.0.1');
    await once(socket, 'data');
    port.trouble = 'down';
    expect(await text(socket)).toBe('');
  });

  it('answers late when it is slow', async () => {
    port.trouble = 'slow';
    const startedAt = performance.now();
    expect(await ask()).toBe('220');
    expect(performance.now() - startedAt).toBeGreaterThan(950);
  });
});
