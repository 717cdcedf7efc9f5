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

/** After a reconnection: entries may have been published while the client was away that the hub no longer keeps. */
export interface MissedFrame {
  readonly type: 'missed';
}

/** Up to where the client has been sent everything. */
export interface CursorFrame {
  readonly type: 'cursor';
  readonly cursor: string;
}

/** One message of a hub. */
export type Frame = Notice | EntriesFrame | SnapshotFrame | MissedFrame | CursorFrame;

/** What a client passes on. */
export type ReceivedFrame = Exclude<Frame, CursorFrame>;

const types: ReadonlySet<unknown> = new Set<Frame['type']>([
  'health',
  'goaway',
  'entries',
  'snapshot',
  'missed',
  'cursor',
]);

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
  if (value.type === 'cursor') return 'cursor' in value && typeof value.cursor === 'string';
  return value.type === 'goaway' || value.type === 'missed' || ('topic' in value && typeof value.topic === 'string');
}
