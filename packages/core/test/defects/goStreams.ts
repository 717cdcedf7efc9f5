import { Channel } from './channel.ts';

export type Code = 'OK' | 'GOAWAY';

/** The health streams of arke as they were written: a registry by address, and a closable channel for each stream. */
export class GoStreams {
  readonly registry = new Map<string, Channel<Code>>();

  /** Registers a stream: the one before it under this address has its channel closed. */
  register(address: string): Channel<Code> {
    const channel = new Channel<Code>('OK');
    this.registry.get(address)?.close();
    this.registry.set(address, channel);
    return channel;
  }

  /** The loop of one stream: passes on whatever the channel gives, and cleans up by address when it is over. */
  async serve(address: string, channel: Channel<Code>, send: (code: Code) => void, isOver: () => boolean) {
    while (!isOver()) send(await channel.receive());
    this.registry.delete(address);
    channel.close();
  }

  broadcast(code: Code): void {
    for (const channel of this.registry.values()) channel.send(code);
  }
}
