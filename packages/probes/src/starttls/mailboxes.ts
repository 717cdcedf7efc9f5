import { TargetFault } from '../check/errors.ts';
import type { Dialogue } from './dialogue.ts';
import { shown } from './plainText.ts';

/** IMAP (RFC 9051, 6.2.1). A connection that is authenticated from the start cannot be secured any more. */
export const imap: Dialogue = async (plain) => {
  plain.expecting('the greeting');
  const greeting = await plain.line();
  if (!/^\* OK\b/i.test(greeting)) throw new TargetFault(`the connection was answered with ${shown(greeting)}`);
  plain.say('a1 STARTTLS\r\n', 'STARTTLS');
  let line = await plain.line();
  // Untagged lines may come at any time.
  while (line.startsWith('* ') && !/^\* BYE\b/i.test(line)) line = await plain.line();
  if (!/^a1 OK\b/i.test(line)) throw new TargetFault(`STARTTLS was answered with ${shown(line)}`);
};

/** POP3 (RFC 2595, 4). */
export const pop3: Dialogue = async (plain) => {
  plain.expecting('the greeting');
  const greeting = await plain.line();
  if (!/^\+OK\b/.test(greeting)) throw new TargetFault(`the connection was answered with ${shown(greeting)}`);
  plain.say('STLS\r\n', 'STLS');
  const line = await plain.line();
  if (!/^\+OK\b/.test(line)) throw new TargetFault(`STLS was answered with ${shown(line)}`);
};
