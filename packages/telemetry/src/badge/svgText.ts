const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that XML 1.0 cannot write. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Half of a pair that stands alone, which no encoding can write. */
const loneSurrogate = /\p{Surrogate}/gu;

/** Escapes a text for XML. */
export const escaped = (text: string): string =>
  text
    .replace(loneSurrogate, '\ufffd')
    .replace(unwritable, '\ufffd')
    .replace(/[&<>"']/g, (mark) => entities[mark] ?? mark);

const narrow = /[ijltfrI.,:;|!'()[\] ]/;
const wide = /[mwMW@%]/;

/** Estimates the width of a text at 11 pixels; `textLength` makes it exactly that in any font. */
export function widthOf(text: string): number {
  let width = 0;
  for (const mark of text) {
    if (mark > '\u2e7f') width += 11;
    else width += narrow.test(mark) ? 4 : wide.test(mark) ? 10 : 7;
  }
  return width;
}
