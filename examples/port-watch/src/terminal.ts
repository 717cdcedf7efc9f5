import { styleText } from 'node:util';
import type { Colour } from './table.ts';

/** Where the table is drawn: in place on a terminal, and not at all into a file or a pipe. */
export class Terminal {
  readonly #isLive = process.stdout.isTTY === true;
  #drawn = 0;

  /** Colours text where they are seen and wanted. */
  readonly paint = (colour: Colour, text: string): string =>
    this.#isLive && process.env['NO_COLOR'] === undefined ? styleText(colour, text) : text;

  /** Draws over what was drawn last. */
  draw(lines: readonly string[]): void {
    if (!this.#isLive) return;
    this.#wipe();
    // A line that is wider than the terminal would take two, and the next drawing begin too low.
    for (const line of lines) process.stdout.write(`\u001b[?7l${line}\u001b[?7h\n`);
    this.#drawn = lines.length;
  }

  /** Prints a line that stays, above the table. */
  say(line: string): void {
    this.#wipe();
    console.log(line);
  }

  #wipe(): void {
    if (this.#drawn > 0) process.stdout.write(`\u001b[${this.#drawn}A\u001b[J`);
    this.#drawn = 0;
  }
}
