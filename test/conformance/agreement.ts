import { expect } from 'vitest';
import type { Row } from './rows/row.ts';

/** Compares what a foreign implementation made of a row: it agrees, or the row says why not, and then it must not. */
export function expectAgreement<TExpected>(row: Row<unknown, TExpected>, name: string, made: unknown): void {
  const why = row.differs?.[name];
  if (why === undefined) expect.soft(made, `${name}: ${row.rule}`).toEqual(row.expected);
  else expect.soft(made, `${name} agrees by now, against "${why}"`).not.toEqual(row.expected);
}
