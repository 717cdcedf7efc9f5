import type { Notice } from '@watchkeeper/core';

/** A batch of entries, in the order in which they were published. */
export interface EntriesFrame {
  readonly type: 'entries';
  readonly topic: string;
  readonly entries: readonly unknown[];
}

/** A whole value. After `reset` nothing known of the topic before counts any more. */
export interface SnapshotFrame {
  readonly type: 'snapshot';
  readonly topic: string;
  readonly epoch: string | number;
  readonly revision: number;
  readonly reset: boolean;
  readonly value: unknown;
}

/** One message of a hub. */
export type Frame = Notice | EntriesFrame | SnapshotFrame;

const types: ReadonlySet<unknown> = new Set<Frame['type']>(['health', 'goaway', 'entries', 'snapshot']);

/** Reads a frame; `undefined` for one that a newer hub may mean but this client does not know. */
export function readFrame(text: unknown): Frame | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const frame: unknown = JSON.parse(text);
    return isFrame(frame) ? frame : undefined;
  } catch {
    return undefined;
  }
}

function isFrame(value: unknown): value is Frame {
  if (typeof value !== 'object' || value === null || !('type' in value) || !types.has(value.type)) return false;
  return value.type === 'goaway' || ('topic' in value && typeof value.topic === 'string');
}
