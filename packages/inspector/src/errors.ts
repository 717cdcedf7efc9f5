/** An option was refused: its value breaks the rule that stands in the message. Correct the call. */
export class InvalidOptionError extends Error {
  readonly code = 'INVALID_OPTION';
  /** The option as the caller wrote it, with its path: `inspect.port`. */
  readonly option: string;
  /** What the value must be. */
  readonly rule: string;
  /** The value that was received. */
  readonly received: unknown;

  constructor(option: string, rule: string, received: unknown) {
    const shown = typeof received === 'string' ? JSON.stringify(received.slice(0, 60)) : kindOf(received);
    super(`Expected \`${option}\` to be ${rule}, got ${shown}`);
    this.name = 'InvalidOptionError';
    this.option = option;
    this.rule = rule;
    this.received = received;
  }
}

/** Every port that was tried is taken. Choose another one, or 0 for any that is free. */
export class NoFreePortError extends Error {
  readonly code = 'NO_FREE_PORT';
  /** The first port that was tried. */
  readonly port: number;

  constructor(port: number, lastPort: number, cause: unknown) {
    super(`No port from ${port} to ${lastPort} is free; give another \`inspect.port\``, { cause });
    this.name = 'NoFreePortError';
    this.port = port;
  }
}

function kindOf(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
