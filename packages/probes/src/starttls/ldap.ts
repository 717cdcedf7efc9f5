import { TargetFault } from '../check/errors.ts';
import type { Dialogue } from './dialogue.ts';
import { type PlainText, shown } from './plainText.ts';

const startTlsOid = '1.3.6.1.4.1.1466.20037';
const sequence = 0x30;
const integer = 0x02;
const enumerated = 0x0a;
const extendedRequest = 0x77;
const requestName = 0x80;
const extendedResponse = 0x78;

/** One element of BER: its tag and what it holds. Those we send are shorter than 128 bytes. */
const element = (tag: number, ...content: readonly Uint8Array[]): Buffer => {
  const value = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, value.length]), value]);
};

const noMessage = (): TargetFault => new TargetFault('what came is no message of LDAP');

/** Reads elements of BER that stand one after the other; lengths may be of the long form, as Active Directory has them. */
class BerElements {
  #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** @returns the value of the next element, which must have `tag`. */
  next(tag: number): Buffer {
    const [got, short = 0] = this.#bytes;
    const lengthBytes = short < 0x80 ? 0 : short - 0x80;
    const from = 2 + lengthBytes;
    if (got !== tag || lengthBytes > 4 || this.#bytes.length < from) throw noMessage();
    const length = lengthBytes === 0 ? short : this.#bytes.readUIntBE(2, lengthBytes);
    if (this.#bytes.length < from + length) throw noMessage();
    const value = this.#bytes.subarray(from, from + length);
    this.#bytes = this.#bytes.subarray(from + length);
    return value;
  }
}

/** @returns what the next message holds. */
async function message(plain: PlainText): Promise<BerElements> {
  const [tag, short = 0] = await plain.bytes(2);
  const lengthBytes = short < 0x80 ? 0 : short - 0x80;
  if (tag !== sequence || short === 0x80 || lengthBytes > 4) throw noMessage();
  const length = lengthBytes === 0 ? short : (await plain.bytes(lengthBytes)).readUIntBE(0, lengthBytes);
  return new BerElements(await plain.bytes(length));
}

/** LDAP (RFC 4511, 4.14). */
export const ldap: Dialogue = async (plain) => {
  const request = element(extendedRequest, element(requestName, Buffer.from(startTlsOid)));
  plain.say(element(sequence, element(integer, Buffer.from([1])), request), 'StartTLS');
  const answer = await message(plain);
  answer.next(integer);
  const response = new BerElements(answer.next(extendedResponse));
  const [code] = response.next(enumerated);
  if (code === 0) return;
  response.next(0x04);
  const diagnostic = response.next(0x04).toString('latin1');
  throw new TargetFault(`StartTLS was answered with result ${code}: ${shown(diagnostic)}`);
};
