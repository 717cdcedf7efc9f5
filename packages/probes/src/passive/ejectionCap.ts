import { ratio, resolveOptions } from '@watchkeeper/core/options';

/**
 * A limit on how many probes of one pool may fail at once: a fault of the observer must not empty the pool.
 *
 * Give one cap to every {@link passiveProbe} of the pool.
 */
export interface EjectionCap {
  /** Counts a member of the pool. */
  join(member: object): void;
  leave(member: object): void;
  /** Ejects `member`. @returns false where too many of the pool are ejected already. */
  eject(member: object): boolean;
  readmit(member: object): void;
  readonly members: number;
  readonly ejected: number;
  /** How often an ejection was refused. */
  readonly refused: number;
}

export interface EjectionCapOptions {
  /** The part of the pool that may be failed at once; one member always may. @default 0.5 */
  readonly maxEjectedRatio?: number;
}

/**
 * Makes an {@link EjectionCap}.
 *
 * @throws `InvalidOptionError` for a ratio outside 0 to 1.
 */
export function ejectionCap(options: EjectionCapOptions = {}): EjectionCap {
  const { maxEjectedRatio } = resolveOptions<Required<EjectionCapOptions>>(
    'ejectionCap',
    { maxEjectedRatio: ratio },
    { maxEjectedRatio: 0.5 },
    options,
  );
  const pool = new Set<object>();
  const out = new Set<object>();
  let refused = 0;
  return {
    join: (member) => void pool.add(member),
    leave(member) {
      pool.delete(member);
      out.delete(member);
    },
    eject(member) {
      if (out.has(member)) return true;
      if (out.size >= Math.max(1, Math.floor(pool.size * maxEjectedRatio))) {
        refused += 1;
        return false;
      }
      out.add(member);
      return true;
    },
    readmit: (member) => void out.delete(member),
    get members() {
      return pool.size;
    },
    get ejected() {
      return out.size;
    },
    get refused() {
      return refused;
    },
  };
}
