import type { IncomingHttpHeaders } from 'node:http';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { codeOf } from '../check/networkErrors.ts';
import type { HttpResponse } from './httpMessage.ts';

type Decompress = (body: Buffer, options: zlib.ZlibOptions) => Promise<Buffer>;

const inflate = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflate);
const inflateRaw = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflateRaw);
const gunzip = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip);
const unzstd = (zlib as { zstdDecompress?: typeof zlib.gunzip }).zstdDecompress;

const decompressors: Readonly<Record<string, Decompress>> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  // The standard says zlib's form, and some servers send the bare one.
  deflate: (body, options) => (hasZlibHead(body) ? inflate(body, options) : inflateRaw(body, options)),
  br: promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress),
  ...(unzstd ? { zstd: promisify<Buffer, zlib.ZlibOptions, Buffer>(unzstd) } : {}),
};

/** The most encodings that may lie over each other. */
const mostEncodings = 3;

/** A body as it is judged: decompressed, or the reason why it cannot be. */
export type ReadableBody = { readonly bytes: Buffer } | { readonly unreadable: string };

function hasZlibHead([first = 0, second = 0]: Buffer): boolean {
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
}

/** Returns the encodings of a body, the outermost first; servers send them unasked, and headers may ask for them. */
function encodingsOf(headers: IncomingHttpHeaders): readonly string[] {
  const names = String(headers['content-encoding'] ?? '')
    .toLowerCase()
    .split(',');
  return names
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
    .reverse();
}

/** Whether a body must be decompressed before it is judged. */
export function isEncoded({ headers, body }: HttpResponse): boolean {
  return headers['content-encoding'] !== undefined && body.length > 0 && encodingsOf(headers).length > 0;
}

/** Decompresses a body, off the event loop, to at most `maxBytes`. */
export async function decompressed({ headers, body, oversize }: HttpResponse, maxBytes: number): Promise<ReadableBody> {
  const encodings = encodingsOf(headers);
  const tooLarge = { unreadable: `body is larger than ${maxBytes} bytes` };
  if (oversize) return tooLarge;
  if (encodings.length > mostEncodings) return { unreadable: `body is encoded ${encodings.length} times` };
  let bytes = body;
  for (const encoding of encodings) {
    const decompress = Object.hasOwn(decompressors, encoding) ? decompressors[encoding] : undefined;
    if (!decompress) return { unreadable: `body is encoded with ${JSON.stringify(encoding)}, which cannot be read` };
    try {
      bytes = await decompress(bytes, { maxOutputLength: maxBytes });
    } catch (error) {
      return codeOf(error) === 'ERR_BUFFER_TOO_LARGE' ? tooLarge : { unreadable: `body is not valid ${encoding}` };
    }
  }
  return { bytes };
}

/** Returns the text of a body, in the charset that its byte-order mark or its type says, else UTF-8. */
export function textOfBody(headers: IncomingHttpHeaders, bytes: Buffer): { text: string } | { unreadable: string } {
  const charset = charsetOfMark(bytes) ?? charsetOfType(String(headers['content-type'] ?? '')) ?? 'utf-8';
  try {
    // A decoder takes the mark away.
    return { text: new TextDecoder(charset).decode(bytes) };
  } catch {
    return { unreadable: `body has the charset ${JSON.stringify(charset.slice(0, 40))}, which cannot be read` };
  }
}

/** A mark goes before what the type says, as in the WHATWG's standard of encodings. */
function charsetOfMark(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return undefined;
}

function charsetOfType(type: string): string | undefined {
  const [, quoted, plain] = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(type.slice(0, 1_024)) ?? [];
  return quoted ?? plain;
}
