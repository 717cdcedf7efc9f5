import type { Connection, Reader } from './frame.ts';

/** Reads the feed of server-sent events: health only, and the browser itself comes back. */
export class EventFeed implements Connection {
  readonly #source = new EventSource('/events');

  constructor(reader: Reader) {
    reader.state('connecting', 'connecting');
    this.#source.addEventListener('open', () => reader.state('open', 'connected: the present state comes first'));
    this.#source.addEventListener('error', () => reader.state('waiting', 'lost; the browser tries again by itself'));
    this.#source.addEventListener('refused', () => reader.state('waiting', 'refused: no room, or going away'));
    for (const type of ['health', 'goaway']) {
      this.#source.addEventListener(type, ({ data }: MessageEvent<string>) => {
        const frame = JSON.parse(data);
        reader.frame(frame);
        if (frame.type === 'goaway') reader.state('leaving', `told to go (${frame.reason})`);
      });
    }
  }

  subscribe(): void {
    // This feed has one audience: everybody is told the health of everything.
  }

  close(): void {
    this.#source.close();
  }
}
