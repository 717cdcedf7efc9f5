import type { Notice } from '@watchkeeper/core';
import { fromCallback } from 'xstate';
import { retryAfterMsOf } from './reconnectDelay.ts';
import { SseParser, type SsePart } from './sseParser.ts';
import type { ResolvedWatchSseOptions } from './watchSseOptions.ts';

/** Events of one connection. The last of them is `refused`, `broken` or `ended`. */
export type StreamEvent =
  | { readonly type: 'opened' }
  /** Something was received, be it only a comment. */
  | { readonly type: 'alive' }
  | { readonly type: 'retry'; readonly ms: number }
  /** The cursor has moved, with no notice. */
  | { readonly type: 'cursor'; readonly lastEventId: string }
  | { readonly type: 'notice'; readonly notice: Notice; readonly lastEventId: string }
  | { readonly type: 'skipped'; readonly event: string; readonly data: string }
  | { readonly type: 'refused'; readonly status: number; readonly retryAfterMs: number | undefined }
  | { readonly type: 'broken'; readonly cause: unknown }
  | { readonly type: 'ended' };

/** Input of `fetchStreamLogic`. */
export interface StreamInput {
  readonly url: string;
  readonly lastEventId: string;
  readonly options: ResolvedWatchSseOptions;
}

/** Actor logic of one connection: requests the stream once and reads it to its end; stopping it aborts the request. */
export const fetchStreamLogic = fromCallback<{ type: string }, StreamInput>(({ input, sendBack }) => {
  const abort = new AbortController();
  const tell = (event: StreamEvent) => {
    if (!abort.signal.aborted) sendBack(event);
  };
  read(input, abort.signal, tell).catch((cause: unknown) => tell({ type: 'broken', cause }));
  return () => abort.abort();
});

async function read(
  { url, lastEventId, options }: StreamInput,
  signal: AbortSignal,
  tell: (event: StreamEvent) => void,
) {
  const cursor = headerOf(lastEventId);
  const resume: Record<string, string> = cursor === '' ? {} : { 'Last-Event-ID': cursor };
  const headers = { ...options.headers, Accept: 'text/event-stream', ...resume };
  const response = await options.fetch(url, { headers, signal, cache: 'no-store' });
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    const retryAfterMs = retryAfterMsOf(response.headers.get('retry-after'), options.clock.now());
    return tell({ type: 'refused', status: response.status, retryAfterMs });
  }
  const contentType = response.headers.get('content-type') ?? '';
  if (!/^text\/event-stream\s*(;|$)/i.test(contentType)) throw new TypeError(`No event stream, but "${contentType}"`);
  tell({ type: 'opened' });
  const parser = new SseParser(options.maxEventLength, lastEventId);
  // The parser skips the byte order mark; a decoder that did so as well would skip two.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return tell({ type: 'ended' });
    tell({ type: 'alive' });
    for (const part of parser.push(decoder.decode(value, { stream: true }))) tellPart(part, tell);
  }
}

/** The longest id that is sent, in characters: servers refuse headers of 8 KB and more, and would refuse each attempt. */
const maxIdLength = 2_048;

/** @returns an id as the value of a header: its UTF-8 bytes, each as a character; `''` if no header can hold it. */
function headerOf(id: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a header must not hold.
  if (id.length > maxIdLength || /[\0-\x08\x0a-\x1f\x7f]/.test(id)) return '';
  return Array.from(new TextEncoder().encode(id), (byte) => String.fromCharCode(byte)).join('');
}

function tellPart(part: SsePart, tell: (event: StreamEvent) => void): void {
  if (part.type === 'retry') {
    tell(part);
    return;
  }
  const event = part.type === 'id' ? undefined : eventOf(part);
  if (event?.type !== 'notice') tell({ type: 'cursor', lastEventId: part.lastEventId });
  if (event !== undefined) tell(event);
}

function eventOf(part: SsePart & { type: 'event' }): StreamEvent {
  const { event, data, lastEventId } = part;
  const told = event === 'health' || event === 'goaway' || event === 'refused' ? parsed(data) : undefined;
  if (isNotice(told) && told.type === event) return { type: 'notice', notice: told, lastEventId };
  if (event === 'refused' && told !== undefined) return { type: 'refused', status: 200, retryAfterMs: undefined };
  return { type: 'skipped', event, data };
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

function isNotice(told: unknown): told is Notice {
  if (typeof told !== 'object' || told === null || !('type' in told)) return false;
  if (told.type === 'health') return 'topic' in told && typeof told.topic === 'string' && 'health' in told;
  return told.type === 'goaway' && 'reason' in told;
}
