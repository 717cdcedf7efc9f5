import { UndecidedError } from '../errors.ts';
import { defineProbe, type Probe } from '../model/probe.ts';
import type { Verdict } from '../model/verdict.ts';
import { type Composition, judgeMembers, type ResolvedComposition, tagOf } from './composition.ts';
import { DirectedGraph } from './directedGraph.ts';
import type { HealthIndex } from './healthIndex.ts';
import { TagIndex } from './tagIndex.ts';

/** The composites of one supervisor, found by their members: those they list, and those of the tag they follow. */
export class Composites {
  readonly tags = new TagIndex();
  readonly #listed = new DirectedGraph();
  /** The composites that follow each tag. */
  readonly #followers = new Map<string, Set<string>>();
  readonly #compositions = new Map<string, ResolvedComposition>();
  readonly #healthIndex: HealthIndex;

  constructor(healthIndex: HealthIndex) {
    this.#healthIndex = healthIndex;
  }

  /** Returns a probe that judges the present health of the members. */
  probeOf(composition: ResolvedComposition): Probe {
    return defineProbe('composite', async () => {
      const verdict = this.judge(this.#resolve(composition), composition.need, composition.panicThreshold);
      if (verdict === undefined) throw new UndecidedError('too little is known of its members');
      return verdict;
    });
  }

  /** Adds a composite. */
  set(id: string, composition: ResolvedComposition): void {
    this.#compositions.set(id, composition);
    const tag = tagOf(composition);
    if (tag === undefined) this.#listed.setDependencies(id, composition.of as readonly string[]);
    else this.#followers.set(tag, new Set([...(this.#followers.get(tag) ?? []), id]));
  }

  /** Removes a composite; the id of any other monitor changes nothing. */
  remove(id: string): void {
    const composition = this.#compositions.get(id);
    if (composition === undefined) return;
    this.#compositions.delete(id);
    this.#listed.remove(id);
    const tag = tagOf(composition);
    const followers = tag === undefined ? undefined : this.#followers.get(tag);
    followers?.delete(id);
    if (tag !== undefined && followers?.size === 0) this.#followers.delete(tag);
  }

  /** The members of a composite now; `undefined` for the id of any other monitor. */
  membersOf(id: string): readonly string[] | undefined {
    const composition = this.#compositions.get(id);
    return composition === undefined ? undefined : this.#resolve(composition);
  }

  /** The tag that a composite follows, where it follows one. */
  tagOf(id: string): string | undefined {
    const composition = this.#compositions.get(id);
    return composition === undefined ? undefined : tagOf(composition);
  }

  /** The composites that a monitor is a member of, each once. */
  of(member: string): readonly string[] {
    const tags = this.tags.tagsOf(member);
    const listed = this.#listed.dependentsOf(member);
    return tags.length === 0 ? listed : [...listed, ...this.followersOf(tags)];
  }

  /** The composites that follow any of these tags. */
  followersOf(tags: readonly string[]): readonly string[] {
    return tags.flatMap((tag) => [...(this.#followers.get(tag) ?? [])]);
  }

  /** Whether nothing can be said of a composite now. */
  isUnknown(id: string): boolean {
    const composition = this.#compositions.get(id);
    return (
      composition !== undefined &&
      this.judge(this.#resolve(composition), composition.need, composition.panicThreshold) === undefined
    );
  }

  /** The verdict over these monitors as they are now; `undefined` while it is unknown. */
  judge(ids: readonly string[], need: Composition['need'], panicThreshold = 0): Verdict | undefined {
    return judgeMembers(
      ids.map((id) => ({ id, health: this.#healthIndex.countedOf(id), weight: this.#healthIndex.weightOf(id) })),
      need,
      panicThreshold,
    );
  }

  /** The members of a composition now, with `id` among them if it has the tag that is followed. */
  resolve(composition: Composition, id: string, tags: readonly string[]): readonly string[] {
    const members = this.#resolve(composition);
    const tag = tagOf(composition);
    return tag !== undefined && tags.includes(tag) && !members.includes(id) ? [...members, id] : members;
  }

  #resolve({ of }: Composition): readonly string[] {
    return 'tag' in of ? [...this.tags.idsOf(of.tag)] : of;
  }
}
