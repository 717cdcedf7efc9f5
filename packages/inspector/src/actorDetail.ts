import type { InspectedKeeper } from './inspectedKeeper.ts';
import { Redactor, type Shown } from './redact.ts';
import { whyWords } from './whyWords.ts';
import type { ShownKind } from './wire.ts';

/** What is known of one actor beyond its state, without secrets. */
export type ActorDetail = {
  /** Why it stands as it does, a sentence each. */
  readonly why: readonly string[];
  /** What it remembers. */
  readonly context: Readonly<Record<string, Shown>>;
  /** How many secrets were taken out. */
  readonly redacted: number;
};

/** What is known of an actor by the public face of its supervisor. */
export function detailOf(
  keeper: Pick<InspectedKeeper, 'monitorOf' | 'stats'>,
  { kind, id }: { readonly kind: ShownKind; readonly id: string },
  now: number,
): ActorDetail {
  const redactor = new Redactor();
  const status = kind === 'monitor' ? keeper.monitorOf(id)?.status : undefined;
  const why = status === undefined ? [] : whyWords(status, now).map((line) => redactor.text(line));
  const remembered = kind === 'supervisor' ? keeper.stats() : status;
  const shown = remembered === undefined ? {} : redactor.value(remembered);
  const context = typeof shown === 'object' && shown !== null && !Array.isArray(shown) ? shown : {};
  return { why, context: context as ActorDetail['context'], redacted: redactor.taken };
}
