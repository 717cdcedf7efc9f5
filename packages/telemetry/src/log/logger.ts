import { objectWith } from '@watchkeeper/core/options';

/** A logger as pino is one, and as anything else may be: first the fields, then the message. */
export interface Logger {
  error(fields: object, msg: string): void;
  warn(fields: object, msg: string): void;
  info(fields: object, msg: string): void;
  debug(fields: object, msg: string): void;
}

export const loggerRule = objectWith<Logger>('error', 'warn', 'info', 'debug');
