import { objectWith } from '@watchkeeper/core/options';

/** A logger such as pino: it takes the fields first, then the message. */
export interface Logger {
  error(fields: object, msg: string): void;
  warn(fields: object, msg: string): void;
  info(fields: object, msg: string): void;
  debug(fields: object, msg: string): void;
}

export const loggerRule = objectWith<Logger>('error', 'warn', 'info', 'debug');
