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
  | { readonly type: 'notice'; readonly notice: Notice; readonly lastEventId: string }
  | { readonly type: 'skipped'; readonly event: string; readonly data: string }
  | { readonly type: 'refused'; readonly status: number; readonly retryAfterMs: number | undefined }
  | { readonly type: 'broken'; readonly cause: unknown }
  | { readonly type: 'ended' };

/** Input of {@link fetchStreamLogic}. */
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
  const resume: Record<string, string> = lastEventId === '' ? {} : { 'Last-Event-ID': lastEventId };
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
  const parser = new SseParser(options.maxEventLength);
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return tell({ type: 'ended' });
    tell({ type: 'alive' });
    for (const part of parser.push(decoder.decode(value, { stream: true }))) tell(eventOf(part));
  }
}

function eventOf(part: SsePart): StreamEvent {
  if (part.type === 'retry') return part;
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
