import { isIPv6 } from 'node:net';
import { TargetFault } from '../check/errors.ts';
import type { Dialogue } from './dialogue.ts';
import { type PlainText, shown } from './plainText.ts';

/** One reply of SMTP or FTP: its number, and the text of each line. */
interface NumberedReply {
  readonly code: number;
  readonly lines: readonly string[];
}

/**
 * Reads one reply: a number and text, or several lines of which the first has a hyphen after its number and the last has
 * none (RFC 5321, 4.2.1). Between them FTP allows any line (RFC 959, 4.2).
 */
async function reply(plain: PlainText): Promise<NumberedReply> {
  const first = await plain.line();
  const [, digits = '', mark = ''] = /^(\d{3})([ -]?)/.exec(first) ?? [];
  if (digits === '' || (mark === '' && first.length > 3)) throw new TargetFault(`no reply, but ${shown(first)}`);
  const lines = [first.slice(4)];
  for (let isLast = mark !== '-'; !isLast; ) {
    const line = await plain.line();
    isLast = line === digits || line.startsWith(`${digits} `);
    lines.push(isLast || line.startsWith(`${digits}-`) ? line.slice(4) : line);
  }
  return { code: Number(digits), lines };
}

/** @returns the lines of the next reply. @throws `TargetFault` when its number is another than `code`. */
async function lines(plain: PlainText, code: number, question: string): Promise<readonly string[]> {
  const { code: got, lines } = await reply(plain);
  if (got !== code) throw new TargetFault(`${question} was answered with ${shown(`${got} ${lines.at(-1)}`)}`);
  return lines;
}

/** Who we are where no name is known: the address, as a literal (RFC 5321, 4.1.3). */
const addressLiteral = (address: string): string => (isIPv6(address) ? `[IPv6:${address}]` : `[${address}]`);

const mailDialogue =
  (hello: 'EHLO' | 'LHLO'): Dialogue =>
  async (plain, { localAddress }) => {
    plain.expecting('the greeting');
    await lines(plain, 220, 'the connection');
    plain.say(`${hello} ${addressLiteral(localAddress)}\r\n`, hello);
    const [, ...keywords] = await lines(plain, 250, hello);
    if (!keywords.some((keyword) => /^STARTTLS(?: |$)/i.test(keyword))) throw new TargetFault('offers no STARTTLS');
    plain.say('STARTTLS\r\n', 'STARTTLS');
    await lines(plain, 220, 'STARTTLS');
  };

/** Mail between servers, and from a client (RFC 3207). */
export const smtp = mailDialogue('EHLO');

/** Mail for delivery (RFC 2033). */
export const lmtp = mailDialogue('LHLO');

/** The control connection of FTP (RFC 4217). */
export const ftp: Dialogue = async (plain) => {
  plain.expecting('the greeting');
  const { code, lines: texts } = await reply(plain);
  // "Ready in so many minutes" comes before the greeting itself.
  if (code === 120) await lines(plain, 220, 'the connection');
  else if (code !== 220) throw new TargetFault(`the connection was answered with ${shown(`${code} ${texts.at(-1)}`)}`);
  plain.say('AUTH TLS\r\n', 'AUTH TLS');
  await lines(plain, 234, 'AUTH TLS');
};
