/** 挂图作战: 分阶段制定推行计划, 科学分解工作任务. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDemoSheet } from '../../src/grid/demo-files.ts';
import type { Actor } from '../../src/identity/actor.ts';
import { type CobuildHouse, openHouse, PEOPLE } from './house.ts';

let house: CobuildHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => {
  await house.close();
  expect(house.faults).toEqual([]);
});

const GOVERNANCE: Actor = { account: 'unit.dongcheng-governance', role: 'unit', district: 441802, unit: 'dongcheng-governance' };
const SEED_STATE = { not_started: 'notStarted', on_track: 'onTrack', late: 'late', done: 'done' } as Record<string, string>;
const report = (by: Actor, code: string, body: object, key?: string) => house.ask(by, 'POST', `/plans/${code}/progress`, body, key);

describe('the quarter on the wall', () => {
  it('stands as the table says: planned share, fact, state of all 34 items', async () => {
    const sheet = await readDemoSheet('plans');
    const { body } = await house.ask(PEOPLE.district, 'GET', '/plans');
    expect(body.items).toHaveLength(34);
    const shown = new Map(body.items.map((item: { code: string }) => [item.code, item]));
    for (const { cells } of sheet.rows) {
      expect(shown.get(cells.get('code')!), cells.get('code')).toMatchObject({
        target: Number(cells.get('target')),
        done: Number(cells.get('done')),
        plannedPercent: Number(cells.get('planned_percent')),
        actualPercent: Number(cells.get('actual_percent')),
        gap: Number(cells.get('actual_percent')) - Number(cells.get('planned_percent')),
        state: SEED_STATE[cells.get('state')!],
      });
    }
  });

  it('has a curve for a task and for a phase, whose last fact is the figure of today', async () => {
    const task = await house.ask(PEOPLE.district, 'GET', '/plans/q4-p2-dongcheng/curve');
    const points = task.body.items as { day: string; planned: number; actual: number | null }[];
    expect(points[0]).toMatchObject({ day: '2026-11-02', planned: 3 });
    expect(points.filter((point) => point.actual !== null).at(-1)).toMatchObject({ day: '2026-11-20', planned: 66, actual: 29 });
    const phase = await house.ask(PEOPLE.district, 'GET', '/plans/q4-p1/curve');
    expect(phase.body.items.at(-1)).toMatchObject({ day: '2026-10-30', planned: 100, actual: 80 });
  });

  it('names what is to be decided, furthest behind first', async () => {
    const { body } = await house.ask(PEOPLE.district, 'GET', '/plans/decisions');
    const late = body.items.filter((one: { kind: string }) => one.kind === 'latePlan');
    expect(late.map((one: { code: string }) => one.code)).toEqual([
      'q4-p1-henghe',
      'q4-p2-dongcheng',
      'q4-p2-henghe',
      'q4-p2-cuihu-community',
      'q4-p1-longtang',
    ]);
    const needs = body.items.filter((one: { kind: string }) => one.kind === 'lateNeed');
    expect(needs.map((one: { code: string }) => one.code)).toEqual(['need-09', 'need-27']);
  });

  it('shows each place what is its own, and what stands above it', async () => {
    const { body } = await house.ask(PEOPLE.dongcheng, 'GET', '/plans');
    const places = new Set(body.items.map((item: { place: string }) => item.place));
    expect([...places].sort()).toEqual(['441802', '441802007']);
    const unit = await house.ask(GOVERNANCE, 'GET', '/plans');
    expect(unit.body.items.every((item: { ownerUnit: string }) => item.ownerUnit === 'dongcheng-governance')).toBe(true);
    expect(await house.ask(PEOPLE.dongcheng, 'GET', '/plans/q4-p2-henghe/curve')).toMatchObject({ status: 404 });
  });
});

describe('reporting progress', () => {
  it('is for the unit that owns the task, its place and those above; the wall follows', async () => {
    expect(await report(PEOPLE.henghe, 'q4-p2-dongcheng', { done: 5 })).toMatchObject({ status: 404 });
    expect(await report(PEOPLE.auditor, 'q4-p2-dongcheng', { done: 5 })).toMatchObject({ status: 403, body: { code: 'not-yours' } });
    expect(await report(GOVERNANCE, 'q4-p2-dongcheng', { done: 5, note: '演示·又落实三项' })).toMatchObject({
      status: 200,
      body: { done: 5, actualPercent: 71, state: 'onTrack' },
    });
    const full = await report(PEOPLE.dongcheng, 'q4-p2-dongcheng', { done: 7 });
    expect(full).toMatchObject({ status: 200, body: { state: 'done' } });
    const phase = (await house.ask(PEOPLE.district, 'GET', '/plans')).body.items.find((item: { code: string }) => item.code === 'q4-p2');
    expect(phase).toMatchObject({ done: 2, target: 10 });
    const reports = await house.ask(PEOPLE.dongcheng, 'GET', '/plans/q4-p2-dongcheng/progress');
    expect(reports.body.items.at(-1)).toMatchObject({ done: 7, day: '2026-11-20', by: PEOPLE.dongcheng.account });
  });

  it('refuses more than the target, the same again, a phase, and what somebody else has changed meanwhile', async () => {
    const seen = (await house.ask(PEOPLE.henghe, 'GET', '/plans')).body.items.find(
      (item: { code: string }) => item.code === 'q4-p2-henghe',
    );
    expect(await report(PEOPLE.henghe, 'q4-p2-henghe', { done: 6 })).toMatchObject({ status: 422, body: { code: 'progress-over-target' } });
    expect(await report(PEOPLE.henghe, 'q4-p2-henghe', { done: seen.done })).toMatchObject({
      status: 422,
      body: { code: 'progress-same' },
    });
    expect(await report(PEOPLE.district, 'q4-p2', { done: 4 })).toMatchObject({ status: 422, body: { code: 'plan-counts-its-tasks' } });
    const both = await Promise.all([3, 4].map((done) => report(PEOPLE.henghe, 'q4-p2-henghe', { done, expectedVersion: seen.version })));
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 409]);
  });

  it('gives the same answer for the same key', async () => {
    const key = '00000000-0000-4000-9000-000000000001';
    const first = await report(PEOPLE.district, 'q4-p1-henghe', { done: 6 }, key);
    expect(await report(PEOPLE.district, 'q4-p1-henghe', { done: 6 }, key)).toMatchObject({ status: first.status, body: first.body });
    expect(await report(PEOPLE.district, 'q4-p1-henghe', { done: 7 }, key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
  });
});

describe('the plan itself', () => {
  const task = {
    code: 'q4-p3-demo',
    parent: 'q4-p3',
    level: 'task',
    place: '441802006',
    ownerUnit: 'fengcheng-governance',
    nameZh: '演示·补一项',
    nameEn: 'Demo: one more',
    starts: '2026-12-01',
    ends: '2026-12-31',
    measureZh: '次',
    measureEn: 'times',
    target: 4,
  };
  const add = (by: Actor, body: object = {}) => house.ask(by, 'POST', '/plans', { ...task, ...body });

  it('is the district’s: a task lies within its phase', async () => {
    expect(await add(PEOPLE.fengcheng)).toMatchObject({ status: 403, body: { code: 'not-yours' } });
    expect(await add(PEOPLE.district, { ends: '2027-01-10' })).toMatchObject({ status: 422, body: { code: 'plan-outside-parent' } });
    expect(await add(PEOPLE.district, { place: '441802999' })).toMatchObject({ status: 422, body: { code: 'unknown-area' } });
    expect(await add(PEOPLE.district, { ownerUnit: 'nobody' })).toMatchObject({ status: 422, body: { code: 'unknown-unit' } });
    expect(await add(PEOPLE.district)).toMatchObject({ status: 201, body: { state: 'notStarted', target: 4 } });
    expect(await add(PEOPLE.district)).toMatchObject({ status: 409, body: { code: 'plan-exists' } });
  });

  it('loses an item with all below it, and keeps its reports', async () => {
    const gone = await house.ask(PEOPLE.district, 'DELETE', '/plans/q4-p2');
    expect(gone.status).toBe(204);
    const { body } = await house.ask(PEOPLE.district, 'GET', '/plans');
    const codes = body.items.map((item: { code: string }) => item.code) as string[];
    // What was finished stays: it was done.
    expect(codes.filter((code) => code.startsWith('q4-p2'))).toEqual(expect.arrayContaining(['q4-p2-feilaixia']));
    expect(codes).not.toContain('q4-p2-fengcheng');
  });
});
