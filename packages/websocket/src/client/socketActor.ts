import type { GoawayNotice } from '@watchkeeper/core';
import { fromCallback } from 'xstate';
import { type ReceivedFrame, readFrame } from './frame.ts';

/** The part of a WebSocket's event that a client reads. */
export interface SocketEvent {
  readonly type?: string;
  readonly data?: unknown;
  readonly code?: number;
  readonly reason?: string;
}

/** The part of a WebSocket that a client uses: a browser's, Node's or that of `ws`. */
export interface ClientSocket {
  readonly readyState: number;
  addEventListener(type: 'open' | 'message' | 'close' | 'error', listener: (event: SocketEvent) => void): void;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

/** Makes a WebSocket that connects to `url`. A throw counts as a connection that failed. */
export type Connect = (url: string) => ClientSocket;

/** Input of {@link socketLogic}. */
export interface SocketInput {
  readonly url: string;
  readonly connect: Connect;
  /** Called with every frame, outside of any transition. */
  readonly receive: (frame: ReceivedFrame) => void;
}

/** Events of a connection. */
export type SocketActorEvent =
  | { readonly type: 'opened' }
  | { readonly type: 'goaway'; readonly notice: GoawayNotice }
  | { readonly type: 'cursor'; readonly cursor: string }
  | { readonly type: 'closed'; readonly code: number; readonly reason: string };

/** Commands of a connection. */
export type SocketCommand = { readonly type: 'send'; readonly text: string };

const open = 1;

/** Actor logic of one connection, from its beginning to its end. Stopped, it emits nothing more. */
export const socketLogic = fromCallback<SocketCommand, SocketInput>(({ input, sendBack, receive }) => {
  const tell = (event: SocketActorEvent) => sendBack(event);
  let ended = false;
  let socket: ClientSocket | undefined;
  try {
    socket = input.connect(input.url);
    listen(socket);
  } catch (cause) {
    tell({ type: 'closed', code: 1006, reason: String(cause) });
  }
  receive(({ text }) => {
    if (socket?.readyState === open) socket.send(text);
  });
  return () => {
    ended = true;
    socket?.close(1000);
  };

  function listen(made: ClientSocket): void {
    made.addEventListener('open', () => tell({ type: 'opened' }));
    made.addEventListener('message', ({ data }) => {
      const frame = ended ? undefined : readFrame(data);
      if (frame === undefined) return;
      if (frame.type === 'cursor') {
        tell(frame);
        return;
      }
      input.receive(frame);
      if (frame.type === 'goaway') tell({ type: 'goaway', notice: frame });
    });
    // An error is always followed by a close, which says what there is to say.
    made.addEventListener('error', () => {});
    made.addEventListener('close', ({ code = 1006, reason = '' }) => tell({ type: 'closed', code, reason }));
  }
});
