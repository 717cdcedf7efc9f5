/** Changes of state at one moment, as three columns of equal length. */
export type Changes = {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly slots: Uint32Array;
  readonly states: Uint16Array;
  readonly statuses: Uint8Array;
};

const changesTag = 1;
const headerBytes = 16;

/** Encodes changes: a header of sixteen bytes (tag, count, time), then seven bytes for each change. */
export function encodeChanges({ at, slots, states, statuses }: Changes): Uint8Array {
  const count = slots.length;
  const frame = new Uint8Array(headerBytes + count * 7);
  const header = new DataView(frame.buffer);
  header.setUint8(0, changesTag);
  header.setUint32(4, count, true);
  header.setFloat64(8, at, true);
  new Uint32Array(frame.buffer, headerBytes, count).set(slots);
  new Uint16Array(frame.buffer, headerBytes + count * 4, count).set(states);
  frame.set(statuses, headerBytes + count * 6);
  return frame;
}

/** Decodes a frame of {@link encodeChanges} as views on `frame`; returns undefined for any other frame. */
export function decodeChanges(frame: ArrayBuffer): Changes | undefined {
  if (frame.byteLength < headerBytes) return undefined;
  const header = new DataView(frame);
  const count = header.getUint32(4, true);
  if (header.getUint8(0) !== changesTag || frame.byteLength !== headerBytes + count * 7) return undefined;
  return {
    at: header.getFloat64(8, true),
    slots: new Uint32Array(frame, headerBytes, count),
    states: new Uint16Array(frame, headerBytes + count * 4, count),
    statuses: new Uint8Array(frame, headerBytes + count * 6, count),
  };
}
