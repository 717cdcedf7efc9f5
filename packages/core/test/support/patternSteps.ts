/** Matches from `at`, and calls `next` with every end it can have until that returns true. */
type Matcher = (at: number, next: (end: number) => boolean) => boolean;

/** A part of a pattern; `tests` is there where it matches one character and no more. */
type Part = { readonly match: Matcher; readonly tests?: (at: number) => boolean };

const syntax =
  /\(\?<?[=!:]|\(|\)|\||\[(?:\\.|[^\]\\])*\]|\\p\{\w+\}|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|\\.|[*+?]\??|\{\d+(?:,\d*)?\}\??|\^|\$|[\s\S]/giu;

/**
 * Counts the steps that backtracking takes to find every match of `pattern` in `text`: each look at a character is one.
 * It knows the syntax that our patterns use, and throws at any other.
 */
export function patternSteps(pattern: RegExp, text: string): number {
  const tokens = pattern.source.match(syntax) ?? [];
  const flags = pattern.flags.replace(/[gy]/g, '');
  let steps = 0;
  let index = 0;

  const oneCharacter = (source: string): Part => {
    const whole = new RegExp(`^(?:${source})$`, flags);
    const known = new Map<string, boolean>();
    const tests = (at: number): boolean => {
      steps += 1;
      const character = text[at];
      if (character === undefined) return false;
      const found = known.get(character) ?? whole.test(character);
      known.set(character, found);
      return found;
    };
    return { tests, match: (at, next) => tests(at) && next(at + 1) };
  };
  const isWord = (at: number): boolean => /\w/.test(text[at] ?? '');

  const sequence = (parts: readonly Part[]): Part => ({
    match: (at, next) => {
      const from = (part: number, end: number): boolean =>
        part === parts.length ? next(end) : (parts[part] as Part).match(end, (reached) => from(part + 1, reached));
      return from(0, at);
    },
  });

  const repeated = (part: Part, least: number, most: number, lazy: boolean): Part => {
    const { tests } = part;
    if (tests === undefined) {
      const again = (count: number, at: number, next: (end: number) => boolean): boolean => {
        const more = () => count < most && part.match(at, (end) => end > at && again(count + 1, end, next));
        if (count < least) return more();
        return lazy ? next(at) || more() : more() || next(at);
      };
      return { match: (at, next) => again(0, at, next) };
    }
    return {
      match: (at, next) => {
        let count = 0;
        if (lazy) {
          for (; count < least; count += 1) if (!tests(at + count)) return false;
          for (;;) {
            if (next(at + count)) return true;
            if (count >= most || !tests(at + count)) return false;
            count += 1;
          }
        }
        while (count < most && tests(at + count)) count += 1;
        for (; count >= least; count -= 1) if (next(at + count)) return true;
        return false;
      },
    };
  };

  const bounds = (token: string): readonly [number, number] => {
    if (token.startsWith('*')) return [0, Number.POSITIVE_INFINITY];
    if (token.startsWith('+')) return [1, Number.POSITIVE_INFINITY];
    if (token.startsWith('?')) return [0, 1];
    const [, least = '0', comma, most = ''] = /^\{(\d+)(,?)(\d*)\}/.exec(token) ?? [];
    return [Number(least), comma === '' ? Number(least) : most === '' ? Number.POSITIVE_INFINITY : Number(most)];
  };

  const group = (opening: string): Part => {
    const inner = alternatives();
    if (tokens[index] !== ')') throw new Error(`an open group in ${pattern}`);
    index += 1;
    if (opening === '(' || opening === '(?:') return { match: inner.match };
    const wanted = opening.endsWith('=');
    const holds = (at: number): boolean =>
      opening.startsWith('(?<')
        ? // What our patterns look back at is one character.
          at > 0 && inner.match(at - 1, (end) => end === at)
        : inner.match(at, () => true);
    return { match: (at, next) => holds(at) === wanted && next(at) };
  };

  const atom = (token: string): Part => {
    if (token.startsWith('(')) return group(token);
    if (token === '^') return { match: (at, next) => at === 0 && next(at) };
    if (token === '$') return { match: (at, next) => at === text.length && next(at) };
    if (token === '\\b') return { match: (at, next) => isWord(at - 1) !== isWord(at) && next(at) };
    if (/^\\[1-9Bk]/.test(token)) throw new Error(`${token} in ${pattern} is not counted`);
    return oneCharacter(token);
  };

  function alternatives(): Part {
    const options: Part[] = [];
    let parts: Part[] = [];
    for (; index < tokens.length && tokens[index] !== ')'; ) {
      const token = tokens[index] as string;
      index += 1;
      if (token === '|') {
        options.push(sequence(parts));
        parts = [];
      } else if (/^(?:[*+?]\??|\{\d.*)$/.test(token)) {
        const last = parts.pop();
        if (last === undefined) throw new Error(`${token} repeats nothing in ${pattern}`);
        parts.push(repeated(last, ...bounds(token), token.length > 1 && token.endsWith('?')));
      } else parts.push(atom(token));
    }
    options.push(sequence(parts));
    return { match: (at, next) => options.some((option) => option.match(at, next)) };
  }

  const whole = alternatives();
  for (let at = 0; at <= text.length; ) {
    let end = -1;
    whole.match(at, (reached) => {
      end = reached;
      return true;
    });
    at = end > at ? end : at + 1;
  }
  return steps;
}
