import type { CloseReason } from '../model/closeReason.ts';
import { detailLine } from '../model/detail.ts';
import type { ConnectionActivity } from '../model/drainReport.ts';
import type { Connection } from './session.ts';

/** Asks a connection what it is doing. It is foreign code: never throws, and leaves out what breaks a rule. */
export function readActivity(connection: Connection, reason: CloseReason): ConnectionActivity | undefined {
  try {
    const given: unknown = connection.doing?.(reason);
    if (typeof given !== 'object' || given === null) return undefined;
    const { what, bytesWritten, since, closeCode } = given as Record<keyof ConnectionActivity, unknown>;
    return {
      ...(typeof what === 'string' ? { what: detailLine(withoutQuery(what)) } : {}),
      ...(isCount(bytesWritten) ? { bytesWritten } : {}),
      ...(isCount(since) ? { since } : {}),
      ...(isCount(closeCode) ? { closeCode } : {}),
    };
  } catch {
    return undefined;
  }
}

function withoutQuery(text: string): string {
  return text.replace(/[?#].*$/su, '');
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
