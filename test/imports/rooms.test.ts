import { describe, expect, it } from 'vitest';
import { sourceFiles } from '../sourceFiles.ts';
import { forbiddenArrows, risingArrows, unusedArrows } from './roomArrows.ts';
import { all, type Rooms, roomsOf } from './rooms.ts';

const sources = sourceFiles(['packages'], /^packages\/[^/]+\/(src|web\/src)\/.*(?<!\.d)\.tsx?$/);

const street: Rooms = {
  'index.ts': all,
  monitor: ['clock', 'rules.ts'],
  notifier: ['clock'],
  clock: [],
  'rules.ts': [],
};

const inPackage = (path: string, source: string) => ({ path: `packages/core/src/${path}`, source });

describe('the rooms of the packages', () => {
  it('import each other only as their table says, types included', () => {
    expect(sources.some(({ path }) => path === 'packages/core/src/index.ts')).toBe(true);
    expect(sources.flatMap((file) => forbiddenArrows(file))).toEqual([]);
  });

  it.each(Object.entries(roomsOf))('use every arrow in the table of %s', (name, rooms) => {
    expect(unusedArrows(name, rooms, sources)).toEqual([]);
  });

  it.each(Object.entries(roomsOf))('have arrows that lead down only in the table of %s', (_name, rooms) => {
    expect(risingArrows(rooms)).toEqual([]);
  });
});

describe('an import between rooms', () => {
  it.each([
    ['monitor/a.ts', "import { b } from '../notifier/b.ts';", 'sideways'],
    ['monitor/a.ts', "import type { B } from '../notifier/b.ts';", 'sideways, of a type'],
    ['clock/a.ts', "import { b } from '../monitor/b.ts';", 'upwards'],
    ['rules.ts', "export type B = import('./clock/b.ts').B;", 'from a file that is a room'],
    ['monitor/a.ts', "export * from '../index.ts';", 'of the entry'],
    ['notifier/a.ts', "import { rule } from '../rules.ts';", 'that the table leaves out'],
    ['monitor/a.ts', "import { b } from './deeper/b.ts';", 'of a folder that is no room'],
    ['attic/a.ts', '', 'in a folder that is no room'],
    ['monitor/deeper/a.ts', '', 'in a deeper folder that is no room'],
  ])('is caught in %s: %s (%s)', (path, source) => {
    expect(forbiddenArrows(inPackage(path, source), { core: street })).toHaveLength(1);
  });

  it('is caught in a package without a table', () => {
    expect(forbiddenArrows({ path: 'packages/unheardof/src/a.ts', source: '' }, { core: street })).toHaveLength(1);
  });

  it.each([
    ['monitor/a.ts', "import { b } from './b.ts'; import { c } from '../clock/c.ts'; import '../rules.ts';"],
    ['index.ts', "export { a } from './monitor/a.ts'; export { b } from './notifier/b.ts';"],
    ['clock/a.ts', "import { b } from '@watchkeeper/core'; import 'node:fs';"],
  ])('is allowed in %s: %s', (path, source) => {
    expect(forbiddenArrows(inPackage(path, source), { core: street })).toEqual([]);
  });

  it('is named with its file, its target and its room', () => {
    const file = inPackage('notifier/a.ts', "import '../monitor/b.ts';");
    expect(forbiddenArrows(file, { core: street })).toEqual([
      'packages/core/src/notifier/a.ts imports monitor: no arrow leads there from notifier',
    ]);
  });
});

describe('a table of rooms', () => {
  it('is caught with an arrow that leads up, to its own room or to none', () => {
    expect(risingArrows({ a: ['b', 'gone'], b: ['a', 'b'] })).toEqual(['a → gone', 'b → a', 'b → b']);
  });

  it('is caught with an arrow that nothing uses', () => {
    const files = [inPackage('monitor/a.ts', "import '../clock/b.ts';"), inPackage('rules.ts', '')];
    expect(unusedArrows('core', street, files)).toEqual(['core: monitor → rules.ts', 'core: notifier → clock']);
  });
});
