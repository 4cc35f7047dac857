import { describe, expect, it, test } from 'vitest';
import { curveOf, plannedPercent, rolledUp, standOf, verbOfReport, type PlanItem } from '../../../src/cobuild/chain/plan.ts';
import { inventedReports } from '../../../src/cobuild/chain/plan-history.ts';

const NOVEMBER = { starts: '2026-11-02', ends: '2026-11-30' };
const task = (over: Partial<PlanItem> = {}): PlanItem => ({
  code: 'q4-p2-dongcheng',
  parent: 'q4-p2',
  level: 'task',
  state: 'open',
  target: 7,
  done: 2,
  ...NOVEMBER,
  ...over,
});

describe('挂图作战: plan against fact', () => {
  it('spreads the plan over the calendar days, the first and the last counted', () => {
    expect(plannedPercent(NOVEMBER, '2026-11-01')).toBe(0);
    expect(plannedPercent(NOVEMBER, '2026-11-02')).toBe(3);
    expect(plannedPercent(NOVEMBER, '2026-11-20')).toBe(66);
    expect(plannedPercent(NOVEMBER, '2026-11-30')).toBe(100);
    expect(plannedPercent(NOVEMBER, '2027-01-01')).toBe(100);
  });

  test.each([
    { done: 2, gap: -37, standing: 'late' },
    { done: 4, gap: -9, standing: 'onTrack' },
    { done: 7, gap: 34, standing: 'done' },
  ])('$done of 7 on 20 November is $standing, $gap points', ({ done, gap, standing }) => {
    expect(standOf(task({ done }), '2026-11-20')).toMatchObject({ gap, standing });
  });

  it('is late from 20 points on, and not at 19', () => {
    const span = { starts: '2026-11-01', ends: '2026-11-10', target: 100 };
    expect(standOf({ ...span, done: 31 }, '2026-11-05').standing).toBe('onTrack');
    expect(standOf({ ...span, done: 30 }, '2026-11-05').standing).toBe('late');
  });

  it('is not late before its first day, and is done before it when it is full', () => {
    expect(standOf(task({ done: 0 }), '2026-10-31').standing).toBe('notStarted');
    expect(standOf(task({ done: 7 }), '2026-10-31').standing).toBe('done');
  });

  it('counts a phase and a plan from their tasks: how many, and how many are done', () => {
    const plan = task({ code: 'q4', parent: null, level: 'plan', target: 1, done: 0 });
    const phase = task({ code: 'q4-p2', parent: 'q4', level: 'phase', target: 1, done: 0 });
    const tasks = [task({ code: 'a', done: 7 }), task({ code: 'b' }), task({ code: 'c', done: 7 }), task({ code: 'd', state: 'dropped' })];
    const items = rolledUp([plan, phase, ...tasks]);
    expect(items.map(({ code, done, target }) => `${code} ${done}/${target}`)).toEqual(['q4 2/3', 'q4-p2 2/3', 'a 7/7', 'b 2/7', 'c 7/7']);
  });

  it('draws the fact up to today and the plan to the end', () => {
    const reports = [
      { plan: 'q4-p2-dongcheng', day: '2026-11-04', done: 1 },
      { plan: 'q4-p2-dongcheng', day: '2026-11-10', done: 2 },
    ];
    const curve = curveOf(task(), [task()], reports, '2026-11-11');
    const at = (day: string) => curve.find((point) => point.day === day);
    expect(curve).toHaveLength(29);
    expect([at('2026-11-03')?.actual, at('2026-11-04')?.actual, at('2026-11-11')?.actual, at('2026-11-12')?.actual]).toEqual([
      0,
      14,
      29,
      null,
    ]);
    expect(at('2026-11-30')?.planned).toBe(100);
  });

  it('goes on after the last day while somebody reports', () => {
    const late = [{ plan: 'q4-p2-dongcheng', day: '2026-12-03', done: 7 }];
    const curve = curveOf(task(), [task()], late, '2026-12-05');
    expect(curve.at(-1)).toEqual({ day: '2026-12-03', planned: 100, actual: 100 });
  });

  it('takes a figure that was too high back, and refuses one over the target, the same again, or one of a phase', () => {
    expect(verbOfReport(task({ done: 7, state: 'finished' }), 6)).toEqual({ verb: 'report' });
    expect(verbOfReport(task(), 7)).toEqual({ verb: 'finish' });
    expect(verbOfReport(task(), 8)).toEqual({ code: 'progress-over-target' });
    expect(verbOfReport(task(), 2)).toEqual({ code: 'progress-same' });
    expect(verbOfReport(task({ level: 'phase' }), 3)).toEqual({ code: 'plan-counts-its-tasks' });
  });
});

describe('the way to a demo figure', () => {
  it.each([1, 2, 7, 120])('rises to exactly %i within its days, and is the same each time', (done) => {
    const row = { code: 'q4-p3-x', ...NOVEMBER, target: 120, done };
    const reports = inventedReports(row, '2026-11-20');
    expect(reports.at(-1)?.done).toBe(done);
    expect(reports.map((r) => r.done)).toEqual([...new Set(reports.map((r) => r.done))].sort((a, b) => a - b));
    expect(reports.every((r) => r.day >= NOVEMBER.starts && r.day <= '2026-11-20')).toBe(true);
    expect(inventedReports(row, '2026-11-20')).toEqual(reports);
  });
  it('has nothing to say of a task that has not begun', () => {
    expect(inventedReports({ code: 'x', ...NOVEMBER, target: 3, done: 0 }, '2026-11-20')).toEqual([]);
  });
});
