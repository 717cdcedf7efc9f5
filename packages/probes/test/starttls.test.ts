import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type StartTlsProtocol, type TransferProbeOptions, transferProbe } from '../src/transfer.ts';
import { type Line, starttlsServer } from './support/starttlsServer.ts';
import { serve } from './support/tcpServers.ts';
import { deadline, until } from './support/waiting.ts';

const host = '127.0.0.1';
const says = (text: string | Buffer): Line => ({ says: text });
const hears = (pattern: RegExp | Buffer): Line => ({ hears: pattern });
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

const features = (inside: string): string =>
  `<?xml version='1.0'?><stream:stream id='1' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'><stream:features>${inside}</stream:features>`;
const starttlsFeature = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>";
const proceed = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";

/** The greeting of MySQL 8, with the lower two bytes of its capabilities. */
const mysqlGreeting = (capabilities: string): Buffer => {
  const payload = hex(
    `0a 382e302e3336 00 08000000 0102030405060708 00 ${capabilities} ff 0200 ffdf 15 00000000000000000000 010203040506070809101112 00`,
  );
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  return Buffer.concat([header, payload]);
};
const mysqlRequest = hex(`20 00 00 01 00 8a 00 00 00 00 00 01 21 ${'00'.repeat(23)}`);

const ldapRequest = hex('30 1d 02 01 01 77 18 80 16 312e332e362e312e342e312e313436362e3230303337');
const ldapAnswer = (result: string): Buffer => hex(`30 0c 02 01 01 78 07 0a 01 ${result} 04 00 04 00`);

/** The dialogue from RFC 3207, 6, word for word. */
const rfc3207: readonly Line[] = [
  says('220 mail.imc.org SMTP service ready\r\n'),
  hears(/^EHLO \S+\r\n$/),
  says('250-mail.imc.org offers a warm hug of welcome\r\n250-8BITMIME\r\n250-STARTTLS\r\n250 DSN\r\n'),
  hears(/^STARTTLS\r\n$/),
  says('220 Go ahead\r\n'),
];

const good: readonly (readonly [StartTlsProtocol, string, readonly Line[]])[] = [
  ['smtp', 'as RFC 3207 shows it', rfc3207],
  [
    'smtp',
    'with a greeting of several lines, numbers without text and the keyword last',
    [
      says('220-mail\r\n220-no spam\r\n220\r\n'),
      hears(/^EHLO \[127\.0\.0\.1\]\r\n$/),
      says('250-mail\r\n250 starttls\r\n'),
      hears(/^STARTTLS\r\n$/),
      says('220-2.0.0 ready\r\n220 2.0.0 go\r\n'),
    ],
  ],
  [
    'lmtp',
    'as RFC 2033 has it',
    [
      says('220 foo.edu LMTP server ready\r\n'),
      hears(/^LHLO \[127\.0\.0\.1\]\r\n$/),
      says('250-foo.edu\r\n250-PIPELINING\r\n250 STARTTLS\r\n'),
      hears(/^STARTTLS\r\n$/),
      says('220 2.0.0 Ready to start TLS\r\n'),
    ],
  ],
  [
    'imap',
    'with an untagged line between',
    [
      says('* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready.\r\n'),
      hears(/^a1 STARTTLS\r\n$/),
      says('* CAPABILITY IMAP4rev1\r\na1 OK Begin TLS negotiation now.\r\n'),
    ],
  ],
  ['pop3', 'as RFC 2595 has it', [says('+OK POP3 ready <1@mail>\r\n'), hears(/^STLS\r\n$/), says('+OK Begin TLS\r\n')]],
  [
    'ftp',
    'with any lines inside of its greeting, and a delay before it',
    [
      says('120 ready in 1 minute\r\n220-Welcome\r\n 550 no error\r\nanything\r\n220 ready\r\n'),
      hears(/^AUTH TLS\r\n$/),
      says('234 Proceed with negotiation.\r\n'),
    ],
  ],
  [
    'xmpp',
    'with other features beside',
    [
      hears(/^<\?xml version='1\.0'\?><stream:stream to='[\w.]+' version='1\.0' /),
      says(features(`${starttlsFeature}<compression xmlns='http://jabber.org/features/compress'/>`)),
      hears(/^<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'\/>$/),
      says(proceed),
    ],
  ],
  [
    'xmpp',
    'where proceed is opened and closed',
    [
      hears(/^<\?xml/),
      says(features(starttlsFeature)),
      hears(/^<starttls/),
      says(proceed.replace('/>', '></proceed>')),
    ],
  ],
  ['postgres', 'by one byte', [hears(hex('00 00 00 08 04 d2 16 2f')), says('S')]],
  ['mysql', 'by its greeting', [says(mysqlGreeting('ff ff')), hears(mysqlRequest)]],
  ['ldap', 'with result 0', [hears(ldapRequest), says(ldapAnswer('00'))]],
  [
    'ldap',
    'with lengths of the long form and the name of the operation',
    [
      hears(ldapRequest),
      says(
        hex(
          '30 84 00000028 02 01 01 78 84 0000001f 0a 01 00 04 00 04 00 8a 16 312e332e362e312e342e312e313436362e3230303337',
        ),
      ),
    ],
  ],
];

const ask = (port: number, rest: Partial<TransferProbeOptions>, signal = deadline()) =>
  transferProbe({ host, port, ...rest })(signal);

describe('starttls', () => {
  it.each(good)('of %s goes to TLS %s, however the bytes are cut', async (starttls, _, lines) => {
    for (const cut of [false, true]) {
      const { port, cert, heard, open } = await starttlsServer(lines, cut);
      const tls = { ca: cert, servername: 'localhost' };
      const script = [{ send: 'QUIT\r\n' }, { expect: '221 bye' }];
      expect(await ask(port, { starttls, tls, script })).toMatchObject({ status: 'pass' });
      expect(heard.at(-1)).toBe('QUIT\r\n');
      expect(await ask(port, { starttls, tls })).toMatchObject({ status: 'pass' });
      expect(await ask(port, { starttls })).toMatchObject({
        status: 'fail',
        detail: expect.stringContaining('certificate not trusted'),
      });
      await until(() => open.size === 0);
    }
  });

  it.each(good)('of %s refuses what was slipped in before the handshake (%s)', async (starttls, _, lines) => {
    const last = lines.findLastIndex((line) => 'says' in line);
    const injected = lines.map((line, index) =>
      index === last && 'says' in line
        ? says(Buffer.concat([Buffer.from(line.says as string), Buffer.from('X\r\n')]))
        : line,
    );
    const { port, cert, heard } = await starttlsServer(injected);
    expect(await ask(port, { starttls, tls: { ca: cert, servername: 'localhost' } })).toMatchObject({
      status: 'fail',
      detail: 'server spoke before the TLS handshake',
    });
    // Nothing of a handshake was sent.
    expect(heard.join('')).not.toContain('\u0016\u0003');
  });

  const offer = (last: string): Line[] => [...rfc3207.slice(0, 4), says(last)];
  it.each<[StartTlsProtocol, Line[], string]>([
    ['smtp', [says('554 no service\r\n')], 'the connection was answered with "554 no service"'],
    ['smtp', [says('SSH-2.0-x\r\n')], 'no reply, but "SSH-2.0-x"'],
    ['smtp', [says('220 a\r\n'), hears(/./), says('502-no\r\n502 EHLO\r\n')], 'EHLO was answered with "502 EHLO"'],
    ['smtp', [says('220 a\r\n'), hears(/./), says('250-STARTTLS is my name\r\n250 DSN\r\n')], 'offers no STARTTLS'],
    ['smtp', offer('454 TLS not available\r\n'), 'STARTTLS was answered with "454 TLS not available"'],
    ['lmtp', [says('220 a\r\n'), hears(/./), says('250 a\r\n')], 'offers no STARTTLS'],
    ['imap', [says('* PREAUTH ready\r\n')], 'the connection was answered with "* PREAUTH ready"'],
    ['imap', [says('* OK a\r\n'), hears(/./), says('a1 BAD no\r\n')], 'STARTTLS was answered with "a1 BAD no"'],
    ['imap', [says('* OK a\r\n'), hears(/./), says('* BYE no\r\n')], 'STARTTLS was answered with "* BYE no"'],
    ['pop3', [says('-ERR busy\r\n')], 'the connection was answered with "-ERR busy"'],
    ['pop3', [says('+OK\r\n'), hears(/./), says('-ERR no\r\n')], 'STLS was answered with "-ERR no"'],
    ['ftp', [says('421 too many\r\n')], 'the connection was answered with "421 too many"'],
    ['ftp', [says('220 a\r\n'), hears(/./), says('530 no\r\n')], 'AUTH TLS was answered with "530 no"'],
    ['xmpp', [hears(/./), says(features('<bind/>'))], 'offers no STARTTLS'],
    [
      'xmpp',
      [hears(/./), says('<stream:stream><stream:error><host-unknown/></stream:error></stream:stream>')],
      'no stream, but "<host-unknown/>"',
    ],
    [
      'xmpp',
      [hears(/./), says(features(starttlsFeature)), hears(/./), says('<failure/></stream:stream>')],
      'STARTTLS was answered with "<failure/>"',
    ],
    ['postgres', [hears(/./), says('N')], 'offers no TLS'],
    ['postgres', [hears(/./), says('E')], 'SSLRequest was answered with "E"'],
    ['mysql', [says(mysqlGreeting('ff f7'))], 'offers no TLS'],
    [
      'mysql',
      [says(Buffer.concat([hex('17 00 00 00 ff 1004'), Buffer.from('Too many connections')]))],
      'refuses: "Too many connections"',
    ],
    ['mysql', [says(hex('02 00 00 00 0a 00'))], 'no greeting, but "\\n\\u0000"'],
    ['ldap', [hears(/./), says(ldapAnswer('35'))], 'StartTLS was answered with result 53: ""'],
    ['ldap', [hears(/./), says(hex('30 05 02 01 01 61 00'))], 'what came is no message of LDAP'],
    ['ldap', [hears(/./), says('HTTP/1.1 400\r\n')], 'what came is no message of LDAP'],
  ])('of %s fails what does not lead to TLS: %o', async (starttls, lines, detail) => {
    const { port, open } = await starttlsServer([...lines, hears(/never/)]);
    expect(await ask(port, { starttls })).toMatchObject({ status: 'fail', detail });
    await until(() => open.size === 0);
  });

  it('keeps to the limits of a script, and says where a deadline found it', async () => {
    const silent = await serve((socket) => socket.resume());
    expect(await ask(silent.port, { starttls: 'smtp', stallMs: 30 })).toMatchObject({
      detail: 'expected the greeting, but nothing came for 30 ms after ""',
    });
    expect(await ask(silent.port, { starttls: 'ldap' }, deadline(100))).toMatchObject({
      detail: 'timed out while waiting for the answer to StartTLS',
    });
    const ending = await serve((socket) => socket.resume().end('220-a'));
    expect(await ask(ending.port, { starttls: 'smtp' })).toMatchObject({
      detail: 'expected the greeting, but the connection was closed after "220-a"',
    });
    const endless: Line[] = Array.from({ length: 100 }, () => says('* NOOP\r\n'));
    const { port } = await starttlsServer([says('* OK\r\n'), hears(/./), ...endless, hears(/never/)]);
    expect(await ask(port, { starttls: 'imap', maxBytes: 200 })).toMatchObject({
      detail: 'more than 200 bytes came instead of the answer to STARTTLS',
    });
    const huge = await starttlsServer([hears(/./), says(hex('30 84 ffffffff')), hears(/never/)]);
    expect(await ask(huge.port, { starttls: 'ldap' })).toMatchObject({
      detail: 'more than 65536 bytes came instead of the answer to StartTLS',
    });
  });

  it('is one of nine words, and leaves no second way to TLS to the script', () => {
    expect(() => transferProbe({ host, port: 1, starttls: 'smtps' as 'smtp' })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', option: 'transferProbe.starttls' }),
    );
    expect(() => transferProbe({ host, port: 1, starttls: 'smtp', script: [{ startTls: true }] })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', option: 'transferProbe.script' }),
    );
  });
});

describe('the script in the documentation of transferProbe', () => {
  const source = readFileSync(new URL('../src/transfer.ts', import.meta.url), 'utf8').replace(/^ \* ?/gm, '');
  const [, listed = ''] = /script: (\[[\s\S]*?\n {2}\])/.exec(source) ?? [];
  const script = new Function(`return ${listed}`)() as NonNullable<TransferProbeOptions['script']>;

  it.each<[string, readonly Line[]]>([
    ['of RFC 3207', rfc3207],
    ['with STARTTLS last', rfc3207.toSpliced(2, 1, says('250-mail\r\n250 STARTTLS\r\n'))],
    ['with a greeting of several lines', rfc3207.toSpliced(0, 1, says('220-mail\r\n220 ready\r\n'))],
  ])('goes to TLS in the dialogue %s, however it is cut', async (_, lines) => {
    for (const cut of [false, true]) {
      const { port, cert, heard } = await starttlsServer(lines, cut);
      expect(await ask(port, { script, tls: { ca: cert, servername: 'localhost' } })).toMatchObject({ status: 'pass' });
      expect(heard.at(-1)).toBe('QUIT\r\n');
    }
  });

  it('refuses what was slipped in after the answer to STARTTLS', async () => {
    const { port } = await starttlsServer(rfc3207.toSpliced(4, 1, says('220 Go ahead\r\n250 mine\r\n')));
    expect(await ask(port, { script })).toMatchObject({ detail: 'server spoke before the TLS handshake' });
  });
});
