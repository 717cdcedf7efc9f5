/** One line of an exposition. */
export interface ReadSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const sampleLine = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/s;
const labelPair = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\n"])*)"(?:,|$)/gs;

/** Reads samples as the formats define them; throws at a line that is none. */
export function readExposition(body: string): ReadSample[] {
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [, name, pairs = '', value = ''] = sampleLine.exec(line) ?? [];
    if (name === undefined) throw new SyntaxError(`no sample: ${line}`);
    const found = [...pairs.matchAll(labelPair)];
    if (found.map(([whole]) => whole).join('') !== pairs) throw new SyntaxError(`no labels: ${pairs}`);
    const labels = Object.fromEntries(found.map(([, label, text = '']) => [label, unescaped(text)]));
    return { name, labels, value: numberOf(value) };
  });
}

const unescaped = (text: string): string => text.replace(/\\(.)/gs, (_, mark) => (mark === 'n' ? '\n' : mark));

const numberOf = (text: string): number => Number(text.replace(/^\+Inf$/, 'Infinity').replace(/^-Inf$/, '-Infinity'));
