import type { ElkNode } from './elkTypes.ts';

/** Rectangle: left, top, width and height. */
export type Box = readonly [x: number, y: number, width: number, height: number];

/** One chart, laid out, in units of about a pixel. */
export type Drawing = {
  readonly width: number;
  readonly height: number;
  /** Outer states before inner ones. `captions` are transitions that are written into the state they lead to. */
  readonly states: readonly { readonly path: string; readonly box: Box; readonly captions?: readonly number[] }[];
  readonly marks: readonly { readonly type: 'initial' | 'any'; readonly box: Box }[];
  readonly edges: readonly {
    readonly points: readonly (readonly [x: number, y: number])[];
    readonly transitions?: readonly number[];
    readonly label?: Box;
  }[];
};

/** A chart laid out for counts of actors and for one actor, each downwards and to the right. */
export type Drawings = Readonly<Record<'population' | 'actor', readonly [down: Drawing, right: Drawing]>>;

/** Layout engine: returns the graph it is given with positions in it. */
export type LayOut = (graph: ElkNode) => Promise<ElkNode>;
