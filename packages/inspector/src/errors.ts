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
