/** The part of an ELK node that is used here. */
export type ElkNode = {
  readonly id: string;
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
  readonly layoutOptions?: Readonly<Record<string, string>>;
  readonly children?: readonly ElkNode[];
  readonly edges?: readonly ElkEdge[];
};

type ElkPoint = { readonly x: number; readonly y: number };

export type ElkEdge = {
  readonly id: string;
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  readonly labels?: readonly ElkLabel[];
  readonly sections?: readonly {
    readonly startPoint: ElkPoint;
    readonly bendPoints?: readonly ElkPoint[];
    readonly endPoint: ElkPoint;
  }[];
};

type ElkLabel = {
  readonly text: string;
  readonly x?: number;
  readonly y?: number;
  readonly width: number;
  readonly height: number;
  readonly layoutOptions?: Readonly<Record<string, string>>;
};
