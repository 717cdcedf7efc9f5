/** A set of topics, which is told from others in one look at each name, whatever their order. */
export class TopicSet {
  readonly names: ReadonlySet<string>;
  /** The same for equal sets, and hardly ever for others. */
  readonly fingerprint: string;

  constructor(names: Iterable<string>) {
    this.names = new Set(names);
    this.fingerprint = fingerprintOf(this.names);
  }

  equals(other: TopicSet): boolean {
    if (this === other) return true;
    if (this.fingerprint !== other.fingerprint || this.names.size !== other.names.size) return false;
    for (const name of this.names) if (!other.names.has(name)) return false;
    return true;
  }
}

const known = new WeakMap<readonly string[], TopicSet>();

/** Returns the set of a list. A frozen list is known again without a look at what is in it. */
export function topicSetOf(topics: readonly string[]): TopicSet {
  const before = known.get(topics);
  if (before !== undefined) return before;
  const set = new TopicSet(topics);
  if (Object.isFrozen(topics)) known.set(topics, set);
  return set;
}

/** Sums of two hashes of each name, which no order changes. */
function fingerprintOf(names: ReadonlySet<string>): string {
  let sum = 0;
  let mixed = 0;
  for (const name of names) {
    const hash = hashOf(name);
    sum = (sum + hash) >>> 0;
    mixed = (mixed + Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)) >>> 0;
  }
  return `${names.size.toString(36)}-${sum.toString(36)}-${mixed.toString(36)}`;
}

/** FNV-1a, 32 bits, of code units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
