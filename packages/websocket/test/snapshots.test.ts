import { InvalidOptionError } from '@watchkeeper/core';
import { VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import type { Hub, SnapshotSource } from '../src/index.ts';
import { join, stand, type TestClient } from './support/testHub.ts';

type Frame = { type: string; topic: string; epoch: number; revision: number; reset: boolean; value: unknown };

/** A source that counts what is asked of it. */
class Ledger implements SnapshotSource {
  epoch = 1;
  revision = 1;
  readonly built: (string | undefined)[] = [];

  edition() {
    return { epoch: this.epoch, revision: this.revision };
  }

  build(scope: string | undefined) {
    this.built.push(scope);
    return { revision: this.revision, coverage: { fromMs: 0, untilMs: 900_000 } };
  }
}

const snapshots = (client: TestClient): Frame[] => (client.frames as Frame[]).filter(({ type }) => type === 'snapshot');

/** A client's own entry comes after all that was sent to it before. */
async function caughtUp(hub: Hub, ...clients: TestClient[]): Promise<void> {
  hub.publish('mark', snapshots.length);
  await Promise.all(clients.map((client) => client.until(({ topic }: Frame) => topic === 'mark')));
}

async function ledgerStand() {
  const clock = new VirtualClock();
  const { hub, url, keeper } = await stand({ clock, maxBatchEntries: 1 });
  const ledger = new Ledger();
  const feed = hub.snapshots('overview', ledger, { minIntervalMs: 2_000 });
  return { clock, hub, url, keeper, ledger, feed };
}

describe('a snapshot feed', () => {
  it('AggregateWSSendsFullSnapshotOnConnect: first tells the whole value, flagged as a reset, with its coverage', async () => {
    const { hub, url } = await ledgerStand();
    const client = await join(url);
    await caughtUp(hub, client);
    expect(snapshots(client)).toEqual([
      {
        type: 'snapshot',
        topic: 'overview',
        epoch: 1,
        revision: 1,
        reset: true,
        value: { revision: 1, coverage: { fromMs: 0, untilMs: 900_000 } },
      },
    ]);
  });

  it('AggregateWS_TrailingEdgeDelivery: tells a single change within the interval at its end, without a reset', async () => {
    const { clock, hub, url, ledger, feed } = await ledgerStand();
    const client = await join(url);
    await clock.advance(2_000);
    ledger.revision = 2;
    feed.touch();
    ledger.revision = 3;
    feed.touch();
    await clock.advance(1_999);
    await client.until(({ revision }: Frame) => revision === 2);
    expect(snapshots(client).map(({ revision }) => revision)).toEqual([1, 2]);
    await clock.advance(1);
    await caughtUp(hub, client);
    expect(snapshots(client).map(({ revision, reset }) => [revision, reset])).toEqual([
      [1, true],
      [2, false],
      [3, false],
    ]);
  });

  it('AggregateWS_PublishesOnlyOnRevisionChange: builds nothing for an edition that was told', async () => {
    const { clock, hub, url, ledger, feed } = await ledgerStand();
    const clients = [await join(url), await join(url), await join(url)];
    for (let n = 0; n < 5; n += 1) {
      feed.touch();
      await clock.advance(2_000);
    }
    await caughtUp(hub, ...clients);
    expect(ledger.built).toHaveLength(1);
    expect(clients.map((client) => snapshots(client).length)).toEqual([1, 1, 1]);
  });

  it('AggregateWS_EpochChangeResetsClients: flags a new epoch as a reset, though its revision is lower', async () => {
    const { clock, hub, url, ledger, feed } = await ledgerStand();
    ledger.revision = 7;
    const client = await join(url);
    await clock.advance(2_000);
    Object.assign(ledger, { epoch: 2, revision: 1 });
    feed.touch();
    await caughtUp(hub, client);
    expect(snapshots(client).map(({ epoch, revision, reset }) => [epoch, revision, reset])).toEqual([
      [1, 7, true],
      [2, 1, true],
    ]);
  });

  it('AggregateModeDisablesPerEventBroadcasts: silences the entries of its topic and of no other', async () => {
    const { clock, hub, url, ledger, feed } = await ledgerStand();
    const client = await join(url);
    await clock.advance(2_000);
    ledger.revision = 2;
    hub.publish('overview', 'single entry');
    await caughtUp(hub, client);
    expect(client.frames.filter((frame) => (frame as Frame).type === 'entries')).toMatchObject([{ topic: 'mark' }]);
    expect(snapshots(client).at(-1)).toMatchObject({ revision: 2 });
    feed.stop();
    hub.publish('overview', 'single entry');
    await client.until(({ type, topic }: Frame) => type === 'entries' && topic === 'overview');
  });

  it('is built once for each scope, however many clients come within an interval', async () => {
    const clock = new VirtualClock();
    const { hub, url } = await stand({
      clock,
      authenticate: ({ headers }) => ({ scope: String(headers['x-tenant']) }),
      maxBatchEntries: 1,
    });
    const ledger = new Ledger();
    hub.snapshots('overview', ledger);
    const clients = await Promise.all(
      ['red', 'blue', 'red', 'blue', 'red'].map((tenant) => join(url, { headers: { 'x-tenant': tenant } })),
    );
    for (const client of clients) await client.until(({ reset }: Frame) => reset);
    expect([...ledger.built].sort()).toEqual(['blue', 'red']);
  });

  it('tells who comes within the interval the recent build at once, and the present one at its end', async () => {
    const { clock, hub, url, ledger } = await ledgerStand();
    const first = await join(url);
    ledger.revision = 2;
    const second = await join(url);
    await second.until(({ revision }: Frame) => revision === 1);
    await clock.advance(2_000);
    await caughtUp(hub, first, second);
    expect(snapshots(second).map(({ revision, reset }) => [revision, reset])).toEqual([
      [1, true],
      [2, false],
    ]);
  });

  it('EventHub_CrossTenantIsolation: tells each scope its own value', async () => {
    const { hub, url } = await stand({ authenticate: ({ headers }) => ({ scope: String(headers['x-tenant']) }) });
    hub.snapshots('overview', { edition: () => ({ epoch: 1, revision: 1 }), build: (scope) => ({ of: scope }) });
    const red = await join(url, { headers: { 'x-tenant': 'red' } });
    const blue = await join(url, { headers: { 'x-tenant': 'blue' } });
    await Promise.all([red, blue].map((client) => client.until(({ type }: Frame) => type === 'snapshot')));
    expect([red, blue].map((client) => snapshots(client).map(({ value }) => value))).toEqual([
      [{ of: 'red' }],
      [{ of: 'blue' }],
    ]);
  });

  it('tells what waits for the end of the interval before a stop closes (INV-22)', async () => {
    const { clock, keeper, url, ledger, feed } = await ledgerStand();
    const client = await join(url);
    await clock.advance(2_000);
    for (const revision of [2, 3]) {
      ledger.revision = revision;
      feed.touch();
    }
    await keeper.stop();
    await client.ended;
    expect(snapshots(client).map(({ revision }) => revision)).toEqual([1, 2, 3]);
  });

  it('survives a source that throws, and shows it', async () => {
    const { clock, hub, url, ledger, feed } = await ledgerStand();
    const client = await join(url);
    await clock.advance(2_000);
    ledger.revision = 2;
    const { build } = ledger;
    ledger.build = () => {
      throw new Error('no memory');
    };
    feed.touch();
    expect(hub.stats().failedSnapshots).toBe(1);
    ledger.build = build;
    feed.touch();
    await clock.advance(2_000);
    await client.until(({ revision }: Frame) => revision === 2);
  });

  it('is the only one of its topic', async () => {
    const { hub } = await ledgerStand();
    expect(() => hub.snapshots('overview', new Ledger())).toThrow(InvalidOptionError);
    // @ts-expect-error a source needs both methods
    expect(() => hub.snapshots('other', { edition: () => ({ epoch: 1, revision: 1 }) })).toThrow('edition(), build()');
  });
});
