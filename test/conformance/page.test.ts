import { describe, expect, it } from 'vitest';
import { root } from '../sourceFiles.ts';
import { grpcClient } from './rows/grpcClient.ts';
import { grpcHealth } from './rows/grpcHealth.ts';
import { healthJson } from './rows/healthJson.ts';
import { http2Goaway } from './rows/http2Goaway.ts';
import { metricsText } from './rows/metricsText.ts';
import type { Table } from './rows/row.ts';
import { sseEvents } from './rows/sseEvents.ts';
import { sseReconnection } from './rows/sseReconnection.ts';
import { websocketClose, websocketHandshake } from './rows/websocket.ts';

const tables: readonly Table<unknown, unknown>[] = [
  sseEvents,
  sseReconnection,
  grpcHealth,
  grpcClient,
  websocketHandshake,
  websocketClose,
  http2Goaway,
  healthJson,
  metricsText,
];

function sectionOf({ title, foreign, rows }: Table<unknown, unknown>): string {
  const peers = foreign.map((name) => `\`${name}\``).join(', ');
  const held = foreign.length === 0 ? 'By us alone.' : `By us and by ${peers}, but where a row says why not.`;
  const lines = rows.map(({ rule, source, differs = {} }) => {
    const reasons = Object.entries(differs).map(([name, why]) => `\n  - \`${name}\` does not agree: ${why}`);
    return `- ${rule} (${source})${reasons.join('')}`;
  });
  return `## ${title}\n\n${held}\n\n${lines.join('\n')}\n`;
}

describe('docs/conformance.md', () => {
  it('is made from the rows (else run this test with -u)', async () => {
    const page = `# Conformance

Made from \`test/conformance/rows\` by \`npx vitest run test/conformance/page.test.ts -u\`, and compared by the same test. Each row
is a rule of a standard as data: what goes in, what must come out, and where it stands. The same input goes through foreign
implementations in the same test.

${tables.map(sectionOf).join('\n')}`;
    await expect(page).toMatchFileSnapshot(`${root}/docs/conformance.md`);
  });

  it('knows each rule once, and each reason names an implementation that is tried', () => {
    for (const { rows, foreign } of tables) {
      expect(new Set(rows.map(({ rule }) => rule)).size).toBe(rows.length);
      const named = rows.flatMap(({ differs = {} }) => Object.keys(differs));
      expect(named.filter((name) => !foreign.includes(name))).toEqual([]);
    }
  });
});
