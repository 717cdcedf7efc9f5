import { onTestFinished } from 'vitest';

/** What a client saw of a stream: complete blocks, split into their fields. */
export interface Block {
  readonly event?: string;
  readonly id?: string;
  readonly data?: string;
  readonly retry?: string;
  readonly comment?: string;
}

/** Reads a stream as it comes; `blocks` grows, `ended` resolves when the server ends it. */
export async function readFeed(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ response: Response; blocks: Block[]; ended: Promise<'ended' | 'broken'>; leave: () => void }> {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const response = await fetch(url, { headers, signal: abort.signal });
  const blocks: Block[] = [];
  const ended = collect(response, blocks).then(
    () => 'ended' as const,
    () => 'broken' as const,
  );
  return { response, blocks, ended, leave: () => abort.abort() };
}

async function collect(response: Response, blocks: Block[]): Promise<void> {
  let rest = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    rest += chunk;
    const whole = rest.split('\n\n');
    rest = whole.pop() ?? '';
    blocks.push(...whole.map(parse));
  }
}

function parse(block: string): Block {
  const fields = block.split('\n').map((line) => {
    const colon = line.indexOf(':');
    return [colon === 0 ? 'comment' : line.slice(0, colon), line.slice(colon + 1).trimStart()];
  });
  return Object.fromEntries(fields);
}

/** The notices among the blocks. */
export function noticesOf(blocks: readonly Block[]): { type: string; topic?: string; health?: string; seq?: number }[] {
  return blocks.filter(({ data }) => data !== undefined).map(({ data = '' }) => JSON.parse(data));
}
