import { WebSocket } from 'ws';
import type { Front } from './front.ts';

/** Clients that come on command, and behave badly. */
export interface Crowd extends Disposable {
  /** Sends many clients at once; settles with how many came in and how many were refused. They leave by themselves. */
  flood(): Promise<{ readonly came: number; readonly refused: number }>;
  /** Connects one client that stops reading, and gives it much to read; settles with whether there was room for it. */
  stall(): Promise<boolean>;
}

const floodSize = 300;
const floodStayMs = 10_000;

export function gatherCrowd(front: Front): Crowd {
  const crowd = new Set<WebSocket>();

  function connect(query = ''): WebSocket {
    const socket = new WebSocket(`ws://${front.host}/socket${query}`);
    crowd.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => crowd.delete(socket));
    return socket;
  }

  const visit = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect('?topic=');
      socket.once('open', () => resolve(true));
      socket.once('close', () => resolve(false));
      socket.on('message', (message) => {
        if (JSON.parse(String(message)).type === 'goaway') socket.close(1000);
      });
      setTimeout(() => socket.close(1000), floodStayMs).unref();
    });

  return {
    async flood() {
      const visits = await Promise.all(Array.from({ length: floodSize }, visit));
      const came = visits.filter((isIn) => isIn).length;
      return { came, refused: floodSize - came };
    },
    stall() {
      const socket = connect('?scope=sleeper');
      return new Promise((resolve) => {
        socket.once('close', () => resolve(false));
        socket.once('open', () => {
          socket.pause();
          front.weighDown('sleeper');
          resolve(true);
        });
      });
    },
    [Symbol.dispose]() {
      for (const socket of crowd) socket.terminate();
    },
  };
}
