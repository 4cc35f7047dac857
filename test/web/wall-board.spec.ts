/** 挂图作战: what the wall shows of plan and fact. */
import { describe, expect, it } from 'vitest';
import { currentPlan, gapOf, meanCurve, phasesOf, rowsOf, standingOf, tasksOf, within, type PlanItem } from '../../web/wall/board.ts';

const item = (code: string, more: Partial<PlanItem>): PlanItem => ({
  code,
  parent: null,
  level: 'task',
  place: '441802',
  ownerUnit: 'x',
  nameZh: code,
  nameEn: code,
  starts: '2026-10-08',
  ends: '2026-12-31',
  measureZh: '户',
  measureEn: 'homes',
  target: 10,
  done: 0,
  plannedPercent: 0,
  actualPercent: 0,
  ...more,
});
const plan = item('q4', { level: 'plan' });
const items = [
  plan,
  item('p1', { level: 'phase', parent: 'q4', ends: '2026-10-30' }),
  item('p2', { level: 'phase', parent: 'q4', starts: '2026-11-02', ends: '2026-11-30' }),
  item('a1', { parent: 'p1', place: '441802006', done: 10, plannedPercent: 100, actualPercent: 100 }),
  item('a2', { parent: 'p2', place: '441802006001', done: 4, plannedPercent: 60, actualPercent: 40 }),
  item('b1', { parent: 'p1', place: '441802007', done: 3, plannedPercent: 100, actualPercent: 30 }),
  item('old', { level: 'plan', starts: '2026-07-01', ends: '2026-09-30' }),
  item('old1', { parent: 'old', place: '441802006' }),
];
const tasks = tasksOf(items, plan);

describe('a plan', () => {
  it('is the one that runs today, else the next, else the last', () => {
    expect(currentPlan(items, '2026-11-20')?.code).toBe('q4');
    expect(currentPlan(items, '2026-08-01')?.code).toBe('old');
    expect(currentPlan(items, '2026-10-03')?.code).toBe('q4');
    expect(currentPlan(items, '2027-02-01')?.code).toBe('q4');
    expect(currentPlan([], '2026-11-20')).toBeNull();
  });
  it('has the tasks below its phases, and no other plan’s', () => {
    expect(tasks.map((t) => t.code)).toEqual(['a1', 'a2', 'b1']);
  });
  it('stands at the mean of its tasks', () => {
    expect(standingOf(tasks)).toEqual({ planned: 87, actual: 57, gap: -30, done: 1, of: 3 });
    expect(standingOf([])).toBeNull();
  });
});

describe('rows', () => {
  it('are the subdistricts of the district, worst on top; communities count to theirs', () => {
    expect(rowsOf(tasks, '').map((r) => [r.code, r.gap])).toEqual([
      ['441802007', -70],
      ['441802006', -10],
    ]);
  });
  it('are the tasks of a subdistrict or a community', () => {
    expect(rowsOf(tasks, '441802006').map((r) => r.code)).toEqual(['a2', 'a1']);
    expect(rowsOf(tasks, '441802006001').map((r) => r.code)).toEqual(['a2']);
    expect(within(tasks, '441802103')).toEqual([]);
  });
});

describe('phases', () => {
  it('are over, run, or come', () => {
    const phases = phasesOf(items, plan, tasks, '2026-11-20');
    expect(phases.map((p) => [p.item.code, p.when, p.done, p.of])).toEqual([
      ['p1', 'over', 1, 2],
      ['p2', 'now', 0, 1],
    ]);
  });
});

describe('colours', () => {
  it('change where the key of the map says', () => {
    expect([-11, -10, -9, -3, -2, 0, 1, 4, 5].map(gapOf)).toEqual([
      'behind2',
      'behind2',
      'behind1',
      'behind1',
      'even',
      'even',
      'ahead1',
      'ahead1',
      'ahead2',
    ]);
  });
});

describe('the curve of several tasks', () => {
  const first = [
    { day: '2026-11-01', planned: 50, actual: 20 },
    { day: '2026-11-02', planned: 100, actual: 60 },
  ];
  const second = [
    { day: '2026-11-02', planned: 50, actual: 40 },
    { day: '2026-11-03', planned: 100, actual: null },
  ];
  it('begins with the first, keeps what ended, and has no fact for days to come', () => {
    expect(meanCurve([first, second], '2026-11-02')).toEqual([
      { day: '2026-11-01', planned: 25, actual: 10 },
      { day: '2026-11-02', planned: 75, actual: 50 },
      { day: '2026-11-03', planned: 100, actual: null },
    ]);
  });
  it('of none is empty', () => {
    expect(meanCurve([[], []], '2026-11-02')).toEqual([]);
  });
});
