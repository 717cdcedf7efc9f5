import { describe, expect, it } from 'vitest';
import { closeFrameOf, fitReason } from '../src/index.ts';

describe('the close frame', () => {
  it('cuts a reason to 123 bytes of UTF-8 between characters', () => {
    expect(fitReason('short')).toBe('short');
    expect(fitReason('x'.repeat(200))).toBe('x'.repeat(123));
    expect(fitReason('é'.repeat(100))).toBe('é'.repeat(61));
    expect(fitReason('😀'.repeat(40))).toBe('😀'.repeat(30));
  });

  it('says by its code whether coming back is welcome', () => {
    const codes = (['forced', 'goaway', 'stopped', 'stalled', 'failed', 'replaced', 'peer'] as const).map(
      (reason) => closeFrameOf(reason, 1013).code,
    );
    expect(codes).toEqual([1012, 1012, 1001, 1013, 1011, 1000, 1000]);
    expect(closeFrameOf('stalled', 1008).code).toBe(1008);
  });
});
