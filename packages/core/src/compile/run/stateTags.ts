/** The tags of a configuration. All actors in it share the set, so it refuses to be changed, as a frozen object does. */
export class StateTags extends Set<string> {
  constructor(tags: Iterable<string>) {
    super();
    for (const tag of tags) super.add(tag);
  }

  override add(_tag: string): this {
    throw readOnly();
  }

  override delete(_tag: string): boolean {
    throw readOnly();
  }

  override clear(): void {
    throw readOnly();
  }
}

function readOnly(): TypeError {
  return new TypeError('The tags of a snapshot are read-only, since actors share them: change a copy, new Set(tags)');
}
