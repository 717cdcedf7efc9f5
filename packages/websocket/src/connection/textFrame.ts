import type { Notice } from '@watchkeeper/core';

const finalText = 0x81;

/**
 * Encodes `text` as one whole WebSocket frame of a server: header and payload in one piece (RFC 6455, 5.2).
 *
 * A frame without a mask is the same for every client, so it is made once and written to each as it is.
 */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafeSlow(headerLength + length);
  frame[0] = finalText;
  if (headerLength === 2) frame[1] = length;
  else if (headerLength === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, headerLength);
  return frame;
}

const framed = new WeakMap<Notice, Buffer>();

/** Encodes a notice as a frame, once however many clients it goes to (INV-24). */
function noticeFrame(notice: Notice): Buffer {
  const known = framed.get(notice);
  if (known !== undefined) return known;
  const frame = textFrame(JSON.stringify(notice));
  framed.set(notice, frame);
  return frame;
}

const framedLists = new WeakMap<readonly Notice[], Buffer>();

/** Encodes notices as one frame each, in one piece, made once however many clients are handed the same list. */
export function noticeFrames(notices: readonly Notice[]): Buffer {
  const [first] = notices;
  if (first !== undefined && notices.length === 1) return noticeFrame(first);
  const known = framedLists.get(notices);
  if (known !== undefined) return known;
  const frames = Buffer.concat(notices.map(noticeFrame));
  framedLists.set(notices, frames);
  return frames;
}
