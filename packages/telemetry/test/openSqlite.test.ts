import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scriptedProbe } from '@watchkeeper/testing';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { keepHistory, type SavedState } from '../src/index.ts';
import { openNodeSqlite } from '../src/sqlite/nodeSqlite.ts';
import { openSqlJs } from '../src/sqlite/sqlJs.ts';
import { NoSqliteError, openSqlite, type SqliteLibrary } from '../src/sqlite.ts';
import { createRecordedSupervisor, everySecond } from './support/recordedSupervisor.ts';

const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-sqlite-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let path = '';
let serial = 0;
beforeEach(() => {
  serial += 1;
  path = join(folder, `${serial}.sqlite`);
});

type SavedWithHistory = SavedState & Required<Pick<SavedState, 'history'>>;
let made: Promise<SavedWithHistory> | undefined;

/** The state of a supervisor and its history after a while; made once, as no test writes into it. */
function savedState(): Promise<SavedWithHistory> {
  made ??= makeSavedState();
  return made;
}

async function makeSavedState(): Promise<SavedWithHistory> {
  const { keeper, clock } = createRecordedSupervisor();
  const history = keepHistory(keeper, { clock });
  for (const [id, script] of [
    ['api', '+-'],
    ['a "b" \u0000 ü', '~'],
    ['__proto__', '!'],
  ] as const) {
    keeper.monitor(id, scriptedProbe(script), everySecond);
  }
  keeper.start();
  await clock.advance(30_000);
  return { supervisor: keeper.snapshot(), history: history.snapshot() };
}

const hasNodeSqlite = process.getBuiltinModule?.('node:sqlite') !== undefined;
if (!hasNodeSqlite) console.warn(`NOT TESTED on node:sqlite, which Node ${process.version} does not have.`);
const libraries: SqliteLibrary[] = hasNodeSqlite ? ['node:sqlite', 'sql.js'] : ['sql.js'];

describe.each(libraries)('an archive on %s', (library) => {
  it('gives back, in a later program, exactly what was written', async () => {
    const saved = await savedState();
    const archive = await openSqlite(path, library);
    expect(archive.read()).toBeUndefined();
    await archive.write({ supervisor: saved.supervisor });
    await archive.write(saved);
    await archive.close();
    await archive.close();
    const again = await openSqlite(path, library);
    expect(again.read()).toEqual(saved);
    await again.close();
    expect(readdirSync(folder).filter((name) => name.startsWith(`${serial}.`))).toEqual([`${serial}.sqlite`]);
  });

  it('forgets monitors and a history that are no more', async () => {
    const saved = await savedState();
    const archive = await openSqlite(path, library);
    await archive.write(saved);
    const { api } = saved.supervisor.monitors;
    const fewer: SavedState = { supervisor: { ...saved.supervisor, monitors: api === undefined ? {} : { api } } };
    await archive.write(fewer);
    expect(archive.read()).toEqual(fewer);
    await archive.close();
  });

  it('keeps what was written before when a write fails in the middle', async () => {
    const saved = await savedState();
    const archive = await openSqlite(path, library);
    await archive.write(saved);
    const broken = {
      ...saved,
      supervisor: { ...saved.supervisor, monitors: { ...saved.supervisor.monitors, big: 1n as never } },
    };
    await expect(archive.write(broken)).rejects.toThrow(TypeError);
    expect(archive.read()).toEqual(saved);
    await archive.write(saved);
    await archive.close();
  });

  it('refuses a file that is no database, one of a later version, and one with a broken memory', async () => {
    writeFileSync(path, 'this is no database at all, however long it may be'.repeat(100));
    await expect(openSqlite(path, library)).rejects.toMatchObject({ code: 'UNREADABLE_ARCHIVE', path });
    rmSync(path);
    const later = library === 'sql.js' ? await openSqlJs(path) : openNodeSqlite(path);
    later?.exec('pragma user_version = 2');
    await later?.flush();
    later?.close();
    await expect(openSqlite(path, library)).rejects.toThrow(/of version 2/);
    rmSync(path);
    await (await openSqlite(path, library)).write(await savedState());
    const tampered = library === 'sql.js' ? await openSqlJs(path) : openNodeSqlite(path);
    tampered?.exec("update memory set memory = '{'");
    await tampered?.flush();
    tampered?.close();
    const archive = await openSqlite(path, library);
    expect(() => archive.read()).toThrow(expect.objectContaining({ code: 'UNREADABLE_ARCHIVE' }));
  });

  it('gives back any history, to the bit', async () => {
    const archive = await openSqlite(path, library);
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 64 });
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string({ minLength: 1 }), bytes), async (given) => {
        const written = Object.entries(given).map(([id, bins]) => [id, Buffer.from(bins).toString('base64')]);
        const saved: SavedState = {
          supervisor: { version: 1, at: 7, monitors: {} },
          history: { version: 1, at: 8.5, monitors: Object.fromEntries(written) },
        };
        await archive.write(saved);
        expect(archive.read()).toEqual(saved);
      }),
      { numRuns: 20 },
    );
    await archive.close();
  });
});

describe('opening an archive', () => {
  it('takes the SQLite there is', async () => {
    const archive = await openSqlite(path);
    await archive.write(await savedState());
    await archive.close();
    const reader = await openSqlJs(path);
    expect(reader?.all('select count(*) as monitors from memory')).toEqual([{ monitors: 3 }]);
  });

  it.runIf(!hasNodeSqlite)('says so where there is none', async () => {
    await expect(openSqlite(path, 'node:sqlite')).rejects.toThrow(NoSqliteError);
  });

  it('refuses a path and a library that are none', async () => {
    await expect(openSqlite('')).rejects.toMatchObject({ code: 'INVALID_OPTION', option: 'sqlite.path' });
    await expect(openSqlite(path, 'mysql' as never)).rejects.toMatchObject({ option: 'sqlite.library' });
  });
});
