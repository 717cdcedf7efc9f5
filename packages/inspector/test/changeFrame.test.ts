import { describe, expect, it } from 'vitest';
import { decodeChanges, encodeChanges } from '../src/protocol/changeFrame.ts';

const changes = {
  at: 1_764_000_000_123,
  slots: Uint32Array.of(0, 7, 4_000_000_000),
  states: Uint16Array.of(1, 60_000, 2),
  statuses: Uint8Array.of(9, 0, 3),
};

describe('a binary frame of changes', () => {
  it('is decoded as it was encoded, in seven bytes for each change', () => {
    const frame = encodeChanges(changes);
    expect(frame.byteLength).toBe(16 + 3 * 7);
    expect(decodeChanges(frame.buffer as ArrayBuffer)).toEqual(changes);
  });

  it('is not decoded when it is cut short, too long or of another kind', () => {
    const frame = encodeChanges(changes);
    expect(decodeChanges(frame.slice(0, -1).buffer)).toBeUndefined();
    expect(decodeChanges(new ArrayBuffer(8))).toBeUndefined();
    const other = frame.slice();
    other[0] = 2;
    expect(decodeChanges(other.buffer)).toBeUndefined();
  });
});
