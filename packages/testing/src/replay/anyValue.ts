/**
 * A value that has every property, each of them again such a value, and can be called: it stands in for a context or a
 * payload that nobody recorded, in functions whose answer does not matter.
 *
 * @param known properties that are as they are.
 */
// biome-ignore lint/suspicious/noExplicitAny: that it is assignable to everything is what it is for.
export function anyValue(known: Readonly<Record<string, unknown>> = {}): any {
  return new Proxy(() => {}, {
    get: (_target, name) =>
      typeof name === 'string' && Object.hasOwn(known, name)
        ? known[name]
        : name === Symbol.toPrimitive
          ? () => 0
          : name === Symbol.iterator
            ? () => [][Symbol.iterator]()
            : anyValue(),
    apply: () => anyValue(),
  });
}
