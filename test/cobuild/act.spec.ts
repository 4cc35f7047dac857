/** One act: its key, its refusal, its log, and who is told – also when the node that did it dies. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act, type Asked, forgetAnswers, type House, tellUntold } from '../../src/cobuild/act.ts';
import type { Telling } from '../../src/cobuild/chain/notices.ts';
import { refused } from '../../src/cobuild/chain/refusals.ts';
import { logMove, readMoves } from '../../src/cobuild/log.ts';
import { CobuildWatch } from '../../src/cobuild/watch.ts';
import { type DbClock, startClock } from '../../src/db/clock.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { DISTRICT, PEOPLE, uuid } from './house.ts';

let database: TestDatabase;
let clock: DbClock;
const told: string[] = [];
const faults: unknown[] = [];
/** The inbox does not answer. */
let broken = false;
/** It does not take this one. */
let refusedKey = '';
let house: House;
beforeAll(async () => {
  database = await openTestDatabase();
  clock = await startClock(database.db);
  house = {
    db: database.db.kysely,
    district: DISTRICT,
    now: () => clock.now(),
    tell: async ({ key }) => {
      if (broken || key === refusedKey) throw new Error('the inbox is away');
      told.push(key);
    },
    onFault: (error) => faults.push(error),
  };
});
afterAll(async () => {
  clock.stop();
  await database.drop();
});

const asked = (request: unknown, key = uuid()): Asked => ({ actor: PEOPLE.district, key, request });
const found = (object: string, version = 1) => ({
  district: DISTRICT,
  kind: 'committee',
  object,
  version,
  verb: version === 1 ? 'found' : 'amend',
  from: version === 1 ? 'none' : 'active',
  to: 'active',
  actor: 'district.441802',
  at: clock.now(),
});
const telling = (key: string): Telling => ({
  key,
  recipients: ['district'],
  notice: 'memberProposed',
  about: { kind: 'member', code: key },
});

describe('an act', () => {
  it('that is refused leaves nothing behind, and its key free', async () => {
    const key = uuid();
    const first = await act(house, asked('same', key), async (tx) => {
      await logMove(tx, found('refused-one'));
      return refused('missing-field');
    });
    expect(first).toMatchObject({ ok: false, code: 'missing-field' });
    expect(await readMoves(house.db, DISTRICT, 'committee', 'refused-one')).toEqual([]);
    expect(await act(house, asked('same', key), async () => ({ ok: true, value: 'done' }))).toEqual({ ok: true, value: 'done' });
  });

  it('that breaks in the middle leaves nothing behind either', async () => {
    const broke = act(house, asked('breaks'), async (tx) => {
      await logMove(tx, found('broken-one'));
      throw new Error('out of the blue');
    });
    await expect(broke).rejects.toThrow('out of the blue');
    expect(await readMoves(house.db, DISTRICT, 'committee', 'broken-one')).toEqual([]);
  });

  it('is done once under one key, however many ask at once', async () => {
    const key = uuid();
    let done = 0;
    const ask = () =>
      act(house, asked('once', key), async (tx) => {
        done += 1;
        await logMove(tx, found('one-of-many'));
        return { ok: true, value: { n: done } };
      });
    const answers = await Promise.all([ask(), ask(), ask(), ask()]);
    expect(answers).toEqual(Array(4).fill({ ok: true, value: { n: 1 } }));
    expect(done).toBe(1);
  });

  it('loses to another that made the same version first', async () => {
    const make = (n: number) =>
      act(house, asked(n), async (tx) => {
        await logMove(tx, found('raced'));
        return { ok: true, value: n };
      });
    const answers = await Promise.all([make(1), make(2), make(3)]);
    expect(answers.filter((one) => one.ok)).toHaveLength(1);
    expect(answers.filter((one) => !one.ok && one.code === 'version-conflict')).toHaveLength(2);
  });
});

describe('what an act tells', () => {
  it('is told by the next look where the node could not, and once', async () => {
    broken = true;
    const answer = await act(house, asked('tells'), async () => ({ ok: true, value: 1, tells: [telling('late-one')] }));
    expect(answer).toEqual({ ok: true, value: 1 });
    expect(faults).toHaveLength(1);
    broken = false;
    // Whoever is still about to tell it is not overtaken.
    await tellUntold(house);
    expect(told).toEqual([]);
    await database.shiftTime(31_000);
    await tellUntold(house);
    await tellUntold(house);
    expect(told).toEqual(['late-one']);
  });

  it('one that cannot be told keeps no other from being told', async () => {
    broken = true;
    for (const key of ['poisoned', 'after-it']) await act(house, asked(key), async () => ({ ok: true, value: 1, tells: [telling(key)] }));
    broken = false;
    refusedKey = 'poisoned';
    await database.shiftTime(62_000);
    await clock.resync();
    faults.length = 0;
    await tellUntold(house);
    expect(told).toContain('after-it');
    expect(faults).toHaveLength(1);
    refusedKey = '';
    await tellUntold(house);
    expect(told).toContain('poisoned');
  });
});

describe('what a key was answered', () => {
  it('goes after a month, but not while somebody has still to be told', async () => {
    const keyed = uuid();
    let done = 0;
    const again = () => act(house, asked('kept', keyed), async () => ({ ok: true, value: (done += 1) }));
    await again();
    broken = true;
    await act(house, asked('untold'), async () => ({ ok: true, value: 1, tells: [telling('of-last-month')] }));
    broken = false;
    const DAY_MS = 86_400_000;
    await database.shiftTime(62_000 + 29 * DAY_MS);
    expect(await forgetAnswers(house)).toBe(0);
    expect(await again()).toEqual({ ok: true, value: 1 });
    await database.shiftTime(62_000 + 31 * DAY_MS);
    expect(await forgetAnswers(house)).toBeGreaterThan(0);
    expect(await forgetAnswers(house)).toBe(0);
    expect(await again()).toEqual({ ok: true, value: 2 });
    await tellUntold(house);
    expect(told).toContain('of-last-month');
  });
});

describe('the look for what is due', () => {
  it('goes on where one look breaks, or one telling of it, and says so each time', async () => {
    faults.length = 0;
    refusedKey = 'due-broken';
    const looks = [
      () => Promise.reject(new Error('this look breaks')),
      () => Promise.resolve([telling('due-broken'), telling('due-one')]),
      () => Promise.resolve([telling('due-two')]),
    ];
    const watch = new CobuildWatch(house, looks);
    await watch.check();
    await watch.check();
    refusedKey = '';
    expect(told.filter((key) => key.startsWith('due-'))).toEqual(['due-one', 'due-two']);
    expect(faults).toHaveLength(4);
  });
});
