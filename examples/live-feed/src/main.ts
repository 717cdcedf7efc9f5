import { parseArgs } from 'node:util';
import { onSignals } from '@watchkeeper/http';
import { startFeed } from './feed.ts';
import { hubLine, keeperLine, reportLine } from './narrate.ts';
import { startPayments } from './payments.ts';
import { Shop } from './shop.ts';
import { trade } from './trade.ts';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '4620' }, 'max-clients': { type: 'string', default: '20' } },
});

const payments = await startPayments();
const shop = new Shop(payments.url);
const feed = await startFeed({ shop, payments, port: Number(values.port), maxClients: Number(values['max-clients']) });
const { keeper, hub } = feed;

const say = (line: string | undefined) => {
  if (line !== undefined) console.log(line);
};
keeper.events$.subscribe((event) => say(keeperLine(event)));
hub.events$.subscribe((event) => say(hubLine(event)));
const trading = trade(shop, payments, feed);

onSignals(keeper, {
  drain: { noticeMs: 200, graceMs: 2_000, deadlineMs: 5_000 },
  // Ctrl-C comes twice, from the terminal and from npm, and npm may be slow.
  echoMs: 300,
  finish: async (report) => {
    for (const part of [trading, feed, payments]) await part[Symbol.asyncDispose]();
    say(reportLine(report));
  },
});
say(`The feed: ${feed.url}`);
