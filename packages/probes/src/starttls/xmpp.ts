import { TargetFault } from '../check/errors.ts';
import type { Dialogue } from './dialogue.ts';
import { type PlainText, shown } from './plainText.ts';

const namespace = 'urn:ietf:params:xml:ns:xmpp-tls';

const escaped = (text: string): string => text.replace(/[&<>'"]/g, (char) => `&#${char.charCodeAt(0)};`);

/** @returns the next tag with the text before it, and its name without a prefix; a closing one begins with a slash. */
async function tag(plain: PlainText): Promise<{ readonly text: string; readonly name: string }> {
  const text = await plain.through('>');
  const [, slash = '', name = ''] = /^<(\/?)(?:[\w.-]+:)?([\w.-]+)/.exec(text.slice(text.lastIndexOf('<'))) ?? [];
  return { text, name: slash + name };
}

/** Whether the tag is a whole element. */
const isWhole = (text: string): boolean => text.endsWith('/>');

/** Client to server (RFC 6120, 5.4). */
export const xmpp: Dialogue = async (plain, { serverName }) => {
  plain.say(
    `<?xml version='1.0'?><stream:stream to='${escaped(serverName)}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`,
    'the stream header',
  );
  let offers = false;
  for (let isOpen = true; isOpen; ) {
    const { text, name } = await tag(plain);
    if (name === 'error' || name === '/stream')
      throw new TargetFault(`no stream, but ${shown(await rest(plain, text))}`);
    if (name === 'starttls' && text.includes(namespace)) offers = true;
    isOpen = name !== '/features' && !(name === 'features' && isWhole(text));
  }
  if (!offers) throw new TargetFault('offers no STARTTLS');
  plain.say(`<starttls xmlns='${namespace}'/>`, 'STARTTLS');
  const { text, name } = await tag(plain);
  if (name !== 'proceed') throw new TargetFault(`STARTTLS was answered with ${shown(text.trim())}`);
  if (!isWhole(text)) await plain.through('>');
};

/** @returns the tag after an error, which names it. */
async function rest(plain: PlainText, text: string): Promise<string> {
  return isWhole(text) || text.includes('/stream') ? text : (await plain.through('>')).trim();
}
