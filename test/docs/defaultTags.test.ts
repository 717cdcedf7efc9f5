import { describe, expect, it } from 'vitest';
import { sourceFiles } from '../sourceFiles.ts';
import { wrongDefaultTags } from './defaultTags.ts';

const option = (tag: string, value: string, constant = 'probeDefaults') => ({
  path: 'a.ts',
  source: `export interface ProbeOptions {
  /** How long. ${tag} */
  readonly waitMs?: number;
}
export const ${constant} = { waitMs: ${value} } as const satisfies Required<ProbeOptions>;`,
});

describe('the @default tags', () => {
  it('have the defaults of the code', () => {
    expect(sourceFiles(['packages'], /\/src\/.*\.ts$/).flatMap(wrongDefaultTags)).toEqual([]);
  });

  it.each([
    ['another figure', option('@default 500', '5_000')],
    ['nothing', option('', '5_000')],
    ['a figure where there is none', option('@default 500', 'Math.random()')],
    ['another figure than the unexported constant', option('@default 500', '5_000', 'defaults')],
  ])('are caught where they say %s', (_says, file) => {
    expect(wrongDefaultTags(file)).toHaveLength(1);
  });

  it.each([
    ['the same figure', option('@default 5000', '5_000')],
    ['in words what is no literal', option('@default the time of day', 'Date.now()')],
  ])('pass where they say %s', (_says, file) => {
    expect(wrongDefaultTags(file)).toEqual([]);
  });
});
