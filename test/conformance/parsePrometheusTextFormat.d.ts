declare module 'parse-prometheus-text-format' {
  /** One family as the parser found it. */
  export interface ParsedFamily {
    readonly name: string;
    readonly metrics: readonly { readonly labels?: Readonly<Record<string, string>>; readonly value?: string }[];
  }
  export default function parsePrometheusTextFormat(text: string): readonly ParsedFamily[];
}
