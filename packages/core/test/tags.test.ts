import { scriptedProbe } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { TagIndex } from '../src/aggregate/tagIndex.ts';
import { type Composition, CycleError, InvalidOptionError } from '../src/index.ts';
import { createTestSupervisor } from './support/testSupervisor.ts';

/** A composite of all that is tagged `payments`, which needs all of it unless told otherwise. */
function payments(need: Composition['need'] = 'all') {
  const kept = createTestSupervisor({ monitor: { intervalMs: 1_000, jitter: 0, requiredFor: [] } });
  const composite = kept.keeper.composite('payments', { of: { tag: 'payments' }, need });
  kept.keeper.start();
  const tagged = (id: string, script: string) =>
    kept.keeper.monitor(id, scriptedProbe(script), { tags: ['payments', 'money'] });
  const restsOn = () => kept.keeper.peek('monitor', 'payments')?.restsOn?.members;
  return { ...kept, composite, tagged, restsOn };
}

describe('a composite of a tag', () => {
  it('has the monitors with that tag as members, as they come and go (INV-112)', async () => {
    const { keeper, clock, composite, tagged, restsOn } = payments();
    await clock.settle();
    expect([composite.health, restsOn()]).toEqual(['starting', []]);
    tagged('card', '+');
    await clock.settle();
    expect([composite.health, restsOn()]).toEqual(['healthy', ['card']]);
    keeper.monitor('mail', scriptedProbe('-'), { tags: ['mail'] });
    const bank = tagged('bank', '-');
    await clock.settle();
    expect([composite.health, restsOn()]).toEqual(['unhealthy', ['card', 'bank']]);
    expect(composite.status.detail).toBe('1 of 2 needed; bank is unhealthy');
    bank.stop();
    await clock.settle();
    expect([composite.health, restsOn()]).toEqual(['healthy', ['card']]);
    keeper.monitorOf('card')?.stop();
    await clock.settle();
    expect([composite.health, restsOn()]).toEqual(['starting', []]);
  });

  it('gains and loses members by updates of their tags, at once (INV-112)', async () => {
    const { keeper, clock, composite, tagged, restsOn } = payments();
    tagged('card', '+');
    const mail = keeper.monitor('mail', scriptedProbe('-'));
    await clock.settle();
    expect(composite.health).toBe('healthy');
    mail.update({ tags: ['payments'] });
    await clock.settle();
    expect([composite.health, restsOn(), mail.status.tags]).toEqual(['unhealthy', ['card', 'mail'], ['payments']]);
    mail.update({ tags: [] });
    await clock.settle();
    expect([composite.health, restsOn()]).toEqual(['healthy', ['card']]);
  });

  it('counts what it needs among those there are, and is of one tag with others', async () => {
    const { clock, composite, tagged, keeper } = payments(2);
    const money = keeper.composite('money', { of: { tag: 'money' }, need: 'any' });
    tagged('card', '+');
    tagged('bank', '-');
    await clock.settle();
    expect([composite.health, money.health]).toEqual(['unhealthy', 'healthy']);
    tagged('cash', '+');
    await clock.settle();
    expect([composite.health, money.health]).toEqual(['healthy', 'healthy']);
  });

  it('may be tagged itself, and be a member of another by that', async () => {
    const { keeper, clock, tagged } = payments();
    tagged('card', '-');
    const parts = keeper.composite('parts', { of: ['payments'], need: 'all' }, { tags: ['whole'] });
    const whole = keeper.composite('whole', { of: { tag: 'whole' }, need: 'all' });
    await clock.settle();
    expect([parts.health, whole.health, parts.status.tags]).toEqual(['unhealthy', 'unhealthy', ['whole']]);
  });

  it('cannot be a member of itself, by its own tags or through others (INV-112)', async () => {
    const { keeper, clock, composite, tagged, restsOn } = payments();
    const cycle = (path: string[]) => expect.objectContaining({ constructor: CycleError, path });
    expect(() => keeper.composite('x', { of: { tag: 'x' }, need: 'all' }, { tags: ['x'] })).toThrow(cycle(['x', 'x']));
    const above = keeper.monitor('above', scriptedProbe('+'), { dependsOn: ['payments'] });
    expect(() => above.update({ tags: ['payments'] })).toThrow(cycle(['above', 'payments', 'above']));
    const card = tagged('card', '+');
    expect(() => card.update({ dependsOn: ['above'] })).toThrow(cycle(['card', 'above', 'payments', 'card']));
    expect(() => keeper.monitor('new', scriptedProbe('+'), { dependsOn: ['above'], tags: ['payments'] })).toThrow(
      cycle(['new', 'above', 'payments', 'new']),
    );
    expect(() => composite.update({ tags: ['payments'] })).toThrow(CycleError);
    await clock.settle();
    expect([restsOn(), keeper.monitorOf('new'), above.status.tags]).toEqual([['card'], undefined, []]);
    // Both at once: it is no member any more when it depends on what it was a member of.
    card.update({ dependsOn: ['above'], tags: ['other'] });
    expect(restsOn()).toEqual([]);
  });

  it('keeps a member that crashed, with the tags it was told of meanwhile', async () => {
    let crashes = 0;
    const { keeper, clock, of } = createTestSupervisor({
      random: () => {
        crashes -= 1;
        if (crashes >= 0) throw new Error('no chance');
        return 0.5;
      },
    });
    const card = keeper.monitor('card', scriptedProbe('+'), { tags: ['payments'] });
    const composite = keeper.composite('payments', { of: { tag: 'payments' }, need: 'all' });
    const other = keeper.composite('other', { of: { tag: 'other' }, need: 'all' });
    keeper.start();
    await clock.settle();
    crashes = 1;
    card.check();
    await clock.settle();
    expect([of('actor.failed').length, composite.health, other.health]).toEqual([1, 'unhealthy', 'starting']);
    card.update({ tags: ['other'] });
    await clock.settle();
    expect([composite.health, other.health]).toEqual(['starting', 'unhealthy']);
    await clock.advance(60_000);
    expect([card.health, composite.health, other.health]).toEqual(['healthy', 'starting', 'healthy']);
  });

  it.each([[{ tag: '' }], [{ tag: 1 }], [{}], [[]], ['payments']])('is refused for members %j', (of) => {
    const { keeper } = createTestSupervisor();
    expect(() => keeper.composite('x', { of, need: 'all' } as never)).toThrow(
      expect.objectContaining({ constructor: InvalidOptionError, option: 'composite.of' }),
    );
  });
});

describe('tags', () => {
  it.each([['payments'], [['a', 'a']], [['']], [[1]], [null]])('cannot be %j', (tags) => {
    const { keeper } = createTestSupervisor();
    keeper.monitor('api', scriptedProbe('+'));
    const given = { tags: tags as never };
    expect(() => keeper.monitor('x', scriptedProbe('+'), given)).toThrow(/monitor\.tags/);
    expect(() => keeper.composite('x', { of: ['api'], need: 'all' }, given)).toThrow(/composite\.tags/);
  });

  it('and dependencies stay as they were given, whatever becomes of the lists of the caller', async () => {
    const { keeper, clock } = createTestSupervisor();
    keeper.monitor('net', scriptedProbe('-'));
    const [tags, dependsOn, of] = [['a'], ['net'], ['net']];
    const api = keeper.monitor('api', scriptedProbe('+'), { tags, dependsOn });
    const all = keeper.composite('all', { of, need: 'any' });
    tags.push('b');
    dependsOn.pop();
    of.push('nobody');
    keeper.start();
    await clock.settle();
    expect([api.status.tags, api.status.rootCause]).toEqual([['a'], 'net']);
    expect([all.health, keeper.peek('monitor', 'all')?.restsOn?.members]).toEqual(['unhealthy', ['net']]);
  });

  it('are found by an index that says which came and went', () => {
    const index = new TagIndex();
    expect(index.set('m', ['a', 'b'])).toEqual(['a', 'b']);
    expect(index.set('n', ['b'])).toEqual(['b']);
    expect(index.set('m', ['b', 'c'])).toEqual(['c', 'a']);
    expect(['a', 'b', 'c'].map((tag) => [...index.idsOf(tag)])).toEqual([[], ['m', 'n'], ['m']]);
    expect(index.set('m', [])).toEqual(['b', 'c']);
    expect([index.tagsOf('m'), [...index.idsOf('b')]]).toEqual([[], ['n']]);
  });
});
