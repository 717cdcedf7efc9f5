/** One server-sent event. */
export type ServerSentEvent = { readonly event: string; readonly data: string };

/**
 * Reads a stream of server-sent events until it ends, the reader stops or `signal` aborts.
 *
 * @throws when the server does not answer with an event stream.
 */
export async function* readEvents(url: string, signal: AbortSignal): AsyncGenerator<ServerSentEvent> {
  const response = await fetch(url, { headers: { accept: 'text/event-stream' }, signal });
  if (response.status !== 200 || response.body === null) throw new Error(`${url} answered ${response.status}`);
  let unread = '';
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (unread + piece).split('\n\n');
    unread = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parseBlock(block);
      if (event !== undefined) yield event;
    }
  }
}

/** A block without data, such as a comment that only keeps the connection alive, is no event. */
function parseBlock(block: string): ServerSentEvent | undefined {
  const fields = block.split('\n').map((line) => /^(\w*): ?(.*)$/.exec(line)?.slice(1) ?? []);
  const data = fields.filter(([name]) => name === 'data').map(([, value]) => value);
  const event = fields.find(([name]) => name === 'event')?.[1] ?? 'message';
  return data.length === 0 ? undefined : { event, data: data.join('\n') };
}
