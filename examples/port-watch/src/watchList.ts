/** One port to watch. */
export type WatchedPort = {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Whether whoever listens must say something first; otherwise silence is well. */
  readonly speaks: boolean;
  /** The command that keeps the port open, such as a `kubectl port-forward`. */
  readonly forward?: readonly string[];
};

/** The ports to watch, with their options. */
export type WatchList = {
  readonly ports: readonly WatchedPort[];
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** How long a port may take to open for the first time. */
  readonly graceMs: number;
  /** A connection this old that is idle as well is renewed. */
  readonly maxAgeMs: number;
  /** A port that nobody got through to for this long is renewed. */
  readonly maxIdleMs: number;
};

/** The list, or the command line, says something that cannot be followed. */
export class WatchListError extends Error {
  readonly code = 'WATCH_LIST';
  constructor(message: string) {
    super(message);
    this.name = 'WatchListError';
  }
}

const defaults = { intervalMs: 3_000, timeoutMs: 2_000, graceMs: 10_000, maxAgeMs: 1_500_000, maxIdleMs: 600_000 };

/**
 * Reads a list out of JSON. Names that nobody knows are refused: a misspelt `maxIdelMs` would otherwise never be found.
 *
 * @throws {@link WatchListError} naming the place.
 */
export function readWatchList(json: string): WatchList {
  const { ports, ...times } = fieldsOf('the list', parse(json), [...Object.keys(defaults), 'ports']);
  for (const [name, value] of Object.entries(times)) {
    if (!(typeof value === 'number' && value >= 0))
      throw new WatchListError(`${name} must be a number of milliseconds`);
  }
  if (!Array.isArray(ports)) throw new WatchListError('ports must be a list');
  return withPorts(ports.map(readPort), times);
}

/** A list of ports as the command line names them: `5432`, `db=5432` or `db=10.0.0.7:5432`. */
export const watchListOf = (words: readonly string[]): WatchList => withPorts(words.map(parsePort), {});

function withPorts(ports: readonly WatchedPort[], times: Partial<typeof defaults>): WatchList {
  if (ports.length === 0) throw new WatchListError('no port is named');
  const twice = ports.find(({ name }, place) => ports.findIndex((other) => other.name === name) !== place);
  if (twice !== undefined) throw new WatchListError(`two ports are called ${twice.name}`);
  return { ...defaults, ...times, ports };
}

function readPort(value: unknown, place: number): WatchedPort {
  const at = `ports[${place}]`;
  const { name, port, host, speaks, forward } = fieldsOf(at, value, ['name', 'port', 'host', 'speaks', 'forward']);
  if (!isPort(port)) throw new WatchListError(`${at}.port must be a port from 1 to 65535`);
  if (forward !== undefined && !isCommand(forward)) throw new WatchListError(`${at}.forward must be a list of words`);
  return {
    name: typeof name === 'string' ? name : String(port),
    host: typeof host === 'string' ? host : '127.0.0.1',
    port,
    speaks: speaks === true,
    ...(forward === undefined ? {} : { forward }),
  };
}

function parsePort(word: string): WatchedPort {
  const { name, host, digits } = /^(?:(?<name>[^=]+)=)?(?:(?<host>.+):)?(?<digits>\d{1,5})$/.exec(word)?.groups ?? {};
  const port = Number(digits);
  if (!isPort(port)) throw new WatchListError(`${word} is no [name=][host:]port`);
  return { name: name ?? word, host: host ?? '127.0.0.1', port, speaks: false };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new WatchListError(`the list is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function fieldsOf(at: string, value: unknown, known: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new WatchListError(`${at} must be an object`);
  const strange = Object.keys(value).find((name) => !known.includes(name));
  if (strange !== undefined) throw new WatchListError(`${at} has no ${strange}; it may have ${known.join(', ')}`);
  return { ...value };
}

const isPort = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) > 0 && (value as number) < 65_536;

const isCommand = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string');
