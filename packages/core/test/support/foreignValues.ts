/** A proxy of which nothing can be asked but its `typeof`. */
function revoked(target: object): unknown {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

const thrower = (): never => {
  throw new Error('a trap');
};

/** A proxy that throws whatever it is asked. */
const trapped = new Proxy({}, { get: thrower, getPrototypeOf: thrower, ownKeys: thrower, has: thrower });

const circular: Record<string, unknown> = { status: 'pass' };
circular['measured'] = circular;

/** Values of every odd kind that foreign code may throw or answer, each with its name. None is a verdict. */
export const foreignValues: readonly (readonly [name: string, value: unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['a string', 'fine'],
  ['a bigint', 5n],
  ['a symbol', Symbol('odd')],
  ['an object without a prototype', Object.create(null)],
  ['an object whose toString throws', { toString: thrower }],
  ['an object whose toString answers an object', { toString: () => ({}) }],
  ['an error whose message throws', Object.defineProperty(new Error('m'), 'message', { get: thrower })],
  ['an error whose name throws', Object.defineProperty(new Error('m'), 'name', { get: thrower })],
  ['an error whose message is a symbol', Object.assign(new Error('m'), { message: Symbol('m') })],
  ['an error whose code throws', Object.defineProperty(new Error('m'), 'code', { get: thrower })],
  ['an error without a prototype', Object.setPrototypeOf(new Error('m'), null)],
  ['a proxy that throws', trapped],
  ['a revoked proxy', revoked({})],
  ['a revoked proxy of a function', revoked(() => undefined)],
  ['a function whose name throws', Object.defineProperty(() => undefined, 'name', { get: thrower })],
  ['a huge array', new Array(1e6).fill(0)],
  ['a circular object', circular],
  ['a status that is none', { status: 'ok' }],
  ['a bigint as latency', { status: 'pass', latencyMs: 5n }],
  ['NaN as latency', { status: 'pass', latencyMs: Number.NaN }],
  ['an endless latency', { status: 'pass', latencyMs: Number.POSITIVE_INFINITY }],
  ['a latency below 0', { status: 'pass', latencyMs: -1 }],
  ['a detail that is no string', { status: 'pass', detail: { text: 'x' } }],
  ['a detail of null', { status: 'pass', detail: null }],
  ['a weight above 1', { status: 'pass', weight: 2 }],
  ['a bigint as figure', { status: 'pass', measured: { n: 1n } }],
  ['NaN as figure', { status: 'pass', measured: { n: Number.NaN } }],
  ['text as figure', { status: 'pass', measured: { n: '1' } }],
  ['a list as figures', { status: 'pass', measured: [1] }],
  ['toJSON as figure', { status: 'pass', measured: { toJSON: thrower } }],
  [
    'a figure that throws',
    { status: 'pass', measured: Object.defineProperty({}, 'n', { get: thrower, enumerable: true }) },
  ],
  ['figures that are a proxy', { status: 'pass', measured: trapped }],
  [
    'too many figures',
    { status: 'pass', measured: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`n${n}`, n])) },
  ],
  ['a figure of a long name', { status: 'pass', measured: { ['n'.repeat(101)]: 1 } }],
  ['a status that throws', Object.defineProperty({}, 'status', { get: thrower })],
];
