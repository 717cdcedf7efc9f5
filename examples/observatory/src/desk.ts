import { type Machinery, mainLevers, targetLevers } from './levers.ts';
import type { Target } from './targets.ts';

/** State of the desk, for its page. Plain and serialisable. */
export type DeskView = {
  readonly targets: readonly { readonly id: string; readonly what: string; readonly on: readonly string[] }[];
  readonly targetLevers: readonly LeverView[];
  readonly mainLevers: readonly LeverView[];
};

type LeverView = { readonly key: string; readonly name: string; readonly does: string };

/** The desk: levers that a person at its page pulls. */
export class Desk {
  readonly #targets: readonly Target[];
  readonly #machinery: Machinery;
  /** Address of the inspector. */
  readonly inspectorUrl: string;

  constructor(targets: readonly Target[], machinery: Machinery, inspectorUrl: string) {
    this.#targets = targets;
    this.#machinery = machinery;
    this.inspectorUrl = inspectorUrl;
  }

  get view(): DeskView {
    const viewOf = ({ key, name, does }: LeverView): LeverView => ({ key, name, does });
    return {
      targets: this.#targets
        .filter(({ port }) => port !== undefined)
        .map((target) => ({
          id: target.id,
          what: target.what,
          on: targetLevers.filter(({ isOn }) => isOn?.(target) === true).map(({ name }) => name),
        })),
      targetLevers: targetLevers.map(viewOf),
      mainLevers: mainLevers.map(viewOf),
    };
  }

  /** Pulls the lever with this key, on the target with this id or on the whole; answers what came of it. */
  async pull(key: unknown, id?: unknown): Promise<string | undefined> {
    return id === undefined ? this.#pullMain(key) : this.#pullOn(id, key);
  }

  #pullMain(key: unknown): string | Promise<string> | undefined {
    return mainLevers.find((lever) => lever.key === key)?.pull(this.#machinery);
  }

  #pullOn(id: unknown, key: unknown): string | undefined {
    const target = this.#targets.find((each) => each.id === id && each.port !== undefined);
    const lever = targetLevers.find((each) => each.key === key);
    if (target === undefined || lever === undefined) return undefined;
    lever.pull(target, this.#machinery);
    // Nobody wants to wait for the next check to see what happens.
    this.#machinery.keeper.monitorOf(target.id)?.check();
    return `${target.id}: ${lever.name}`;
  }
}
