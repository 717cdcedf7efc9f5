import { TargetFault } from '../check/errors.ts';
import type { Dialogue } from './dialogue.ts';
import { shown } from './plainText.ts';

/** PostgreSQL: SSLRequest, answered by one byte (protocol 3.0, "SSL Session Encryption"). */
export const postgres: Dialogue = async (plain) => {
  const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
  plain.say(sslRequest, 'SSLRequest');
  const answer = (await plain.bytes(1)).toString('latin1');
  if (answer === 'N') throw new TargetFault('offers no TLS');
  if (answer !== 'S') throw new TargetFault(`SSLRequest was answered with ${shown(answer)}`);
};

const clientProtocol41 = 0x200;
const clientSsl = 0x800;
const clientSecureConnection = 0x8000;

/** MySQL and MariaDB: the server's greeting says whether it has TLS, SSLRequest asks for it, and nothing is answered. */
export const mysql: Dialogue = async (plain) => {
  plain.expecting('the greeting');
  const length = (await plain.bytes(4)).readUIntLE(0, 3);
  const greeting = await plain.bytes(length);
  if (greeting[0] === 0xff) throw new TargetFault(`refuses: ${shown(greeting.toString('latin1', 3))}`);
  const versionEnd = greeting.indexOf(0, 1);
  // After the version: connection id, eight bytes of a challenge, a zero.
  const capabilitiesAt = versionEnd + 1 + 4 + 8 + 1;
  if (greeting[0] !== 10 || versionEnd < 0 || greeting.length < capabilitiesAt + 2) {
    throw new TargetFault(`no greeting, but ${shown(greeting.toString('latin1'))}`);
  }
  if ((greeting.readUInt16LE(capabilitiesAt) & clientSsl) === 0) throw new TargetFault('offers no TLS');
  const sslRequest = Buffer.alloc(4 + 32);
  sslRequest.writeUIntLE(32, 0, 3);
  sslRequest[3] = 1;
  sslRequest.writeUInt32LE(clientProtocol41 | clientSsl | clientSecureConnection, 4);
  sslRequest.writeUInt32LE(0x01_00_00_00, 8);
  const utf8 = 33;
  sslRequest[12] = utf8;
  plain.say(sslRequest, 'SSLRequest');
};
