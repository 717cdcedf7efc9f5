import { mysql, postgres } from './databases.ts';
import type { Dialogue } from './dialogue.ts';
import { ldap } from './ldap.ts';
import { imap, pop3 } from './mailboxes.ts';
import { ftp, lmtp, smtp } from './numberedReplies.ts';
import { xmpp } from './xmpp.ts';

/** A protocol that begins in the clear and has its own way to TLS. */
export type StartTlsProtocol = 'smtp' | 'lmtp' | 'imap' | 'pop3' | 'ftp' | 'xmpp' | 'postgres' | 'mysql' | 'ldap';

/** The dialogue of each protocol. */
export const dialogues: Readonly<Record<StartTlsProtocol, Dialogue>> = {
  smtp,
  lmtp,
  imap,
  pop3,
  ftp,
  xmpp,
  postgres,
  mysql,
  ldap,
};
