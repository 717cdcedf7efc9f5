import { isIP } from 'node:net';
import type { Rule } from '@watchkeeper/core/options';

export const nameServer: Rule<string> = {
  is: 'an IP address, with a port or without: 192.0.2.1, 192.0.2.1:53, [2001:db8::1]:53',
  accepts: (value): value is string => typeof value === 'string' && isIP(addressOfServer(value)) !== 0,
};

/** Returns the address in `address` or `address:port`. */
export function addressOfServer(server: string): string {
  return /^\[(.*)\](?::\d+)?$/.exec(server)?.[1] ?? /^([\d.]+):\d+$/.exec(server)?.[1] ?? server;
}
