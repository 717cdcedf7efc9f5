import type { WebSocket } from 'ws';
import type { AllowedEvents } from '../commands/allowedEvents.ts';
import { Commands } from '../commands/commands.ts';
import type { ResolvedInspectOptions } from '../inspectOptions.ts';
import type { InspectedSupervisor } from '../observed/inspectedSupervisor.ts';
import { readMessage } from '../protocol/clientMessage.ts';
import type { Stream } from '../stream/stream.ts';
import { Viewer } from '../stream/viewer.ts';
import type { Rejection } from './requestGuard.ts';

/** WebSocket connections of the open pages: each is sent the stream, and its messages are handled. */
export class PageConnections {
  readonly #stream: Stream;
  readonly #commands: Commands;
  readonly #most: number;
  #opened = 0;
  #closed = false;

  constructor(
    stream: Stream,
    supervisor: Pick<InspectedSupervisor, 'monitorOf' | 'drain'>,
    { maxViewers, commands: allowed, onCommand: record, clock }: ResolvedInspectOptions,
    events?: AllowedEvents,
  ) {
    this.#stream = stream;
    this.#most = maxViewers;
    this.#commands = new Commands({ supervisor, allowed, events, record, now: () => clock.now() });
  }

  /** Reason to refuse a further page, if there is one. */
  get rejection(): Rejection | undefined {
    if (this.#closed) return { status: 503, why: 'The program ends.' };
    return this.#stream.viewers < this.#most ? undefined : { status: 503, why: 'Too many pages are open.' };
  }

  /** Refuses every page from now on. Those that are open stay. */
  close(): void {
    this.#closed = true;
  }

  accept(socket: WebSocket): void {
    this.#opened += 1;
    const page = this.#opened;
    const viewer = new Viewer(socket);
    socket.on('message', (frame, isBinary) => {
      const message = isBinary ? undefined : readMessage(String(frame));
      if (message?.type === 'watch') viewer.feed.follow(message.actorId);
      else if (message?.type === 'cover') viewer.feed.coverage.follow(message.kind);
      else if (message?.type === 'trace') viewer.feed.trace(message.forMs);
      else if (message?.type === 'command' || message?.type === 'send') {
        const { ok, why } = this.#commands.run(message, page);
        viewer.send({ type: 'answer', id: message.id, ok, ...(why === undefined ? {} : { why }) });
      } else socket.close(1003, 'not a message of this protocol');
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => this.#stream.remove(viewer));
    this.#stream.add(viewer);
  }
}
