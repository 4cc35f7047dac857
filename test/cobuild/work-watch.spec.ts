/** 共建 on the phones of grid workers: what changed is seen, whoever wrote it, and told once. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { House } from '../../src/cobuild/act.ts';
import type { WorkItem } from '../../src/cobuild/chain/work.ts';
import { WorkWatch } from '../../src/cobuild/work-watch.ts';
import { type CobuildHouse, DISTRICT, openHouse, PEOPLE } from './house.ts';

let house: CobuildHouse;
const open: WorkWatch[] = [];
beforeAll(async () => {
  house = await openHouse();
  const asked = {
    committee: 'fengcheng-union',
    link: 'security',
    titleZh: '演示·校门口疏导',
    titleEn: 'Demo: crossing guards',
    due: '2026-12-18',
  };
  const answer = await house.ask(PEOPLE.fengcheng, 'POST', '/needs', { ...asked, quantity: 10, unitZh: '人', unitEn: 'people' });
  need = answer.body.code;
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((watch) => watch.stop()));
});
afterAll(async () => {
  await house.close();
});

/** As on a node: what it tells, and what it could not do. @param db  the database, or one that is away. */
async function watching(db: () => House['db'] = () => house.database.db.kysely) {
  const told: WorkItem[] = [];
  const faults: unknown[] = [];
  const watch = new WorkWatch(
    {
      get db() {
        return db();
      },
      district: DISTRICT,
      onFault: (error) => faults.push(error),
    },
    (changes) => told.push(...changes),
  );
  open.push(watch);
  await watch.open();
  return { watch, told, faults, names: () => told.map(({ kind, code }) => `${kind} ${code}`) };
}
let need: string;
/** Each time a part of the same need. */
async function claim(): Promise<void> {
  expect(await house.ask(PEOPLE.police, 'POST', `/needs/${need}/claims`, { quantity: 1 })).toMatchObject({ status: 201 });
}
/** One that everybody may come to. @returns its code. */
async function openActivity(): Promise<string> {
  const activity = {
    committee: 'fengcheng-union',
    link: 'security',
    titleZh: '演示·反诈广场',
    titleEn: 'Demo: fraud awareness',
    venue: '凤城广场',
    members: ['fengcheng-union-04'],
  };
  const times = { startsAt: '2026-11-28T09:00:00+08:00', endsAt: '2026-11-28T12:00:00+08:00' };
  const answer = await house.ask(PEOPLE.fengcheng, 'POST', '/activities', { ...activity, ...times, capacity: 3, openTo: 'everybody' });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body.code;
}
const seen = (names: () => readonly string[]) => expect.poll(names);

describe('变化 (what changed)', () => {
  it('is told once, with kind, code and place: a claim changes its need', async () => {
    const { watch, told, names } = await watching();
    watch.soon();
    await claim();
    watch.soon();
    await seen(names).toEqual([`need ${need}`]);
    expect(told[0]!.place).toMatch(/^441802\d{3}/);
    watch.soon();
    await claim();
    watch.soon();
    await seen(names).toEqual([`need ${need}`, `need ${need}`]);
  });

  it('is a place in an activity too, taken and given back, which stands in no version of it', async () => {
    const code = await openActivity();
    const { watch, names } = await watching();
    expect(await house.ask(PEOPLE.police, 'POST', `/activities/${code}/sign-ups`, { people: 1 })).toMatchObject({ status: 201 });
    watch.soon();
    await seen(names).toEqual([`activity ${code}`]);
    await house.ask(PEOPLE.police, 'DELETE', `/activities/${code}/sign-ups/own`);
    watch.soon();
    await seen(names).toEqual([`activity ${code}`, `activity ${code}`]);
  });

  it('that another node wrote is seen without a word from it', async () => {
    const { watch, names } = await watching();
    watch.start();
    await claim();
    await seen(names).toEqual([`need ${need}`]);
  });
});

describe('看不到的时候 (when it cannot look)', () => {
  it('what it could not read is told by the next look', async () => {
    let away = false;
    const { watch, names, faults } = await watching(() => {
      if (away) throw new Error('the database is away');
      return house.database.db.kysely;
    });
    away = true;
    await claim();
    watch.soon();
    await expect.poll(() => faults.length).toBe(1);
    away = false;
    watch.soon();
    await seen(names).toEqual([`need ${need}`]);
  });

  it('after its end nothing is looked at', async () => {
    const { watch, told, faults } = await watching();
    await watch.stop();
    await claim();
    watch.soon();
    await watch.stop();
    expect([told, faults]).toEqual([[], []]);
  });
});

describe('什么时候看 (who asks it to look)', () => {
  it('an act, a sign-up and a withdrawal each say that they wrote', async () => {
    const code = await openActivity();
    await expect.poll(() => house.works.some((one) => one.code === code)).toBe(true);
    house.works.length = 0;
    await claim();
    await expect.poll(() => house.works.map((one) => one.code)).toEqual([need]);
    await house.ask(PEOPLE.hospital, 'POST', `/activities/${code}/sign-ups`, { people: 1 });
    await expect.poll(() => house.works.map((one) => one.code)).toEqual([need, code]);
    await house.ask(PEOPLE.hospital, 'DELETE', `/activities/${code}/sign-ups/own`);
    await expect.poll(() => house.works.map((one) => one.code)).toEqual([need, code, code]);
  });
});
