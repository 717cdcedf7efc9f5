import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { badge, healthBadge, uptimeBadge } from '../src/index.ts';

/** Reads an element at a time, and throws where XML would end: enough to know that nothing was broken out of. */
function textsOf(svg: string): string[] {
  const token = /<(\/?)([a-zA-Z]+)((?: [\w-]+(?::\w+)?="[^"<]*")*)(\/?)>|([^<]+)/gy;
  const open: string[] = [];
  const texts: string[] = [];
  while (token.lastIndex < svg.length) {
    const [whole, closes, name, , empty, text] = token.exec(svg) ?? [];
    if (whole === undefined) throw new SyntaxError(`no XML: ${svg}`);
    if (/&(?!amp;|lt;|gt;|quot;|#39;)/.test(whole)) throw new SyntaxError(`a bare ampersand: ${whole}`);
    if (text !== undefined) texts.push(text);
    else if (closes === '/' && open.pop() !== name) throw new SyntaxError(`${name} was not open`);
    else if (closes !== '/' && empty !== '/') open.push(name ?? '');
  }
  if (open.length > 0) throw new SyntaxError(`${open} stay open`);
  return texts.map((text) =>
    text
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&#39;/g, "'")
      .replace(/&amp;/g, '&'),
  );
}

describe('a badge', () => {
  it('says its words, to readers of the picture and of its title, whatever they hold', () => {
    const words = fc.string({ minLength: 1, unit: fc.constantFrom(...'<>&"\'/ =;aÄ猫') });
    fc.assert(
      fc.property(words, words, (label, message) => {
        expect(textsOf(badge({ label, message, tone: 'good' }))).toEqual([`${label}: ${message}`, label, message]);
      }),
    );
  });

  it('replaces what XML cannot hold', () => {
    const unwritable = [0, 8, 0xb, 0xc, 0xe, 0x1f, 0xfffe, 0xffff, 0xd800, 0xdfff].map((code) =>
      String.fromCharCode(code),
    );
    for (const mark of unwritable) {
      expect(textsOf(badge({ label: `a${mark}b`, message: 'x', tone: 'bad' }))).toContain('a\ufffdb');
    }
    expect(textsOf(badge({ label: 'tab\tline\n😀', message: 'x', tone: 'bad' }))).toContain('tab\tline\n😀');
  });

  it('has a role and a name for who cannot see it', () => {
    expect(healthBadge('api', 'healthy')).toContain('role="img" aria-label="api: healthy"><title>api: healthy</title>');
  });

  it.each([
    [1, '100%'],
    [0.99999, '99.99%'],
    [0.999, '99.9%'],
    [0.5, '50%'],
    [0, '0%'],
    [undefined, 'unknown'],
    [Number.NaN, 'unknown'],
  ])('shows an uptime of %s as %s: less than all is never shown as all', (uptime, message) => {
    expect(textsOf(uptimeBadge('up', uptime))).toContain(message);
  });

  it('has a colour of its own for good, fair and bad', () => {
    const colours = [1, 0.995, 0.5].map((uptime) => /fill="(#\w+)"\/><\/g>/.exec(uptimeBadge('up', uptime))?.[1]);
    expect(new Set(colours).size).toBe(3);
  });
});
