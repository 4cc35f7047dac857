import { describe, expect, it } from 'vitest';
import { extended, goesOn, paused, startClock } from '../../src/dispatch/chain/clocks.ts';
import type { Clock, Extension, Incident } from '../../src/dispatch/chain/incident.ts';
import { explainDeadlines } from '../../src/dispatch/explain.ts';
import { china, passes } from './chain/time-passes.ts';
import { CENTRE, COMMUNITY, HOUR, incidentIn, later, make, MINUTE, PLACE, RULES, SUBDISTRICT } from './chain/world.ts';

const rules = {
  ...RULES,
  calendar: {
    ...RULES.calendar,
    days: new Map([...RULES.calendar.days, ['2026-11-21', true], ['2026-11-23', false]]),
    labels: new Map([
      ['2026-11-21', { zh: '区庆调休上班', en: 'District day make-up workday' }],
      ['2026-11-23', { zh: '区庆放假', en: 'District day' }],
    ]),
  },
};
const OFFICE = `subdistrict:${PLACE.subdistrict}` as const;
/** Thirteen hours, two working days, from Friday 14:30. */
const twoDays = startClock(RULES, 'resolve', { ms: 13 * HOUR, kind: 'working' }, china('2026-11-20 14:30').getTime());
const withClocks = (step: Clock | null, total: Clock | null = null): Incident => {
  const handling = incidentIn('handling', 'R3');
  return { ...handling, level: 'R4', clocks: { step, total } };
};
const explain = (incident: Incident, now: Date, by = RULES) => explainDeadlines(incident, by, now);
const zh = (incident: Incident, now = china('2026-11-23 09:30'), by = RULES) =>
  explain(incident, now, by).map((d) => d.lines.map((l) => l.zh));

describe('a year that the calendar lacks', () => {
  const unknown = { ...RULES, calendar: { ...RULES.calendar, days: new Map<string, boolean>() } };
  const words = '工作日历还没有 2026 年，暂按周一到周五算，补上后会重新算';

  it('is said where a clock runs into it, and nowhere else', () => {
    expect(zh(withClocks(twoDays), china('2026-11-23 09:30'), unknown)[0]).toContain(words);
    expect(zh(withClocks(twoDays))[0]).not.toContain(words);
    const nightAndDay = startClock(RULES, 'resolve', { ms: 13 * HOUR, kind: 'continuous' }, china('2026-11-20 14:30').getTime());
    expect(zh(withClocks(nightAndDay), china('2026-11-23 09:30'), unknown)[0]).not.toContain(words);
  });
});

describe('why this deadline', () => {
  it('says limit and whence, start, what counts, which days do not, what was used, and when it is due', () => {
    expect(zh(withClocks(twoDays))).toEqual([
      [
        '处置限 2 个工作日，按 R4 一般时限表',
        '从 2026-11-20 14:30 起算',
        '只计工作时间：工作日 08:30–12:00、14:30–17:30',
        '周末 11-21 – 11-22，2 天不计',
        '没有延期，还可 2 次',
        '到现在已用 4 小时，还剩 9 小时',
        '2026-11-24 12:00 到期',
      ],
    ]);
  });
  it('names holidays and make-up workdays as the calendar does', () => {
    const clock = startClock(rules, 'resolve', { ms: 13 * HOUR, kind: 'working' }, china('2026-11-20 14:30').getTime());
    const [lines] = zh(withClocks(clock), china('2026-11-20 15:00'), rules);
    expect(lines).toContain('区庆调休上班 11-21，照常计时');
    expect(lines).toContain('区庆放假 11-23，1 天不计');
  });
  it('says that the category’s own row holds at the category’s level', () => {
    const [step] = explain(incidentIn('handling', 'R3'), later(0));
    expect(step!.lines[0]!.zh).toBe('处置限 4 小时，按类别表这一行');
  });
  it('tells each pause with what it saved, and each extension with when and by whom', () => {
    let clock = extended(
      RULES,
      twoDays,
      { byMs: 2 * HOUR, at: china('2026-11-20 15:00').toISOString(), by: 'subdistrict.441802006', place: OFFICE },
      china('2026-11-20 15:00'),
    );
    clock = goesOn(RULES, paused(clock, china('2026-11-20 16:30'), 'suspended'), china('2026-11-23 09:00'));
    const [lines] = zh(withClocks(clock));
    expect(lines).toContain('延期 2 小时，2026-11-20 15:00 街道批准');
    expect(lines).toContain('挂账 2026-11-20 16:30 至 2026-11-23 09:00，其中 1 小时 30 分不计');
    expect(lines).toContain('到现在已用 2 小时 30 分，还剩 12 小时 30 分');
  });
  it('names who granted by the place where the account works, whatever the account is called, and nobody where that is not kept', () => {
    const asked = make(incidentIn('handling', 'R3'), { verb: 'extend', by: HOUR, reason: '等吊车' }, SUBDISTRICT);
    const granted = make(asked, { verb: 'extend', grant: true }, { ...CENTRE, account: 'zhihui.zhongxin' });
    const line = (incident: Incident) => explain(incident, later(0))[0]!.lines.find((l) => l.what === 'extension')!;
    expect(granted.clocks.step!.extensions).toMatchObject([{ place: 'district' }]);
    expect(line(granted).en).toContain('the district');
    const step = granted.clocks.step!;
    const [{ place: _place, ...older }] = step.extensions as [Extension];
    const kept = line({ ...granted, clocks: { step: { ...step, extensions: [older] }, total: null } });
    expect(kept.en).not.toContain('district');
    expect(kept.zh).not.toContain('街道');
  });
  it('adds up: limit, extensions and used make what is left, before and after it is due', () => {
    let clock = goesOn(RULES, paused(twoDays, china('2026-11-20 16:30'), 'suspended'), china('2026-11-23 09:00'));
    clock = extended(
      RULES,
      clock,
      { byMs: 2 * HOUR, at: china('2026-11-23 09:10').toISOString(), by: 'district.441802' },
      china('2026-11-23 09:10'),
    );
    for (const now of [china('2026-11-23 09:30'), china('2026-12-01 10:00')]) {
      const [d] = explain(withClocks(clock), now);
      expect(d!.usedMs + d!.leftMs).toBe(d!.limitMs);
      expect(d!.lines.reduce((sum, line) => sum + (line.ms ?? 0), 0)).toBe(d!.leftMs);
      expect(d!.leftMs < 0).toBe(d!.overdue);
    }
    const [due] = explain(withClocks(clock), new Date(clock.dueAt));
    expect(due!.leftMs).toBe(0);
  });
  it('says that a continuous clock counts day and night, in the unit that fits, and draws no days', () => {
    const [four] = explain(withClocks(startClock(RULES, 'arrive', { ms: 4 * HOUR, kind: 'continuous' }, later(0).getTime())), later(0));
    expect(four!.lines.map((l) => l.zh)).toEqual(expect.arrayContaining(['到场限 4 小时，按 R4 一般时限表', '昼夜连续计时']));
    expect([four!.days, four!.hours]).toEqual([[], []]);
  });
  it('reads logs from before there were rows', () => {
    expect(zh(withClocks({ ...twoDays, extendedMs: 2 * HOUR, usedMs: HOUR }))[0]).toEqual(
      expect.arrayContaining(['已批延期 2 小时', '挂账前已用 1 小时', '到现在已用 5 小时，还剩 8 小时']),
    );
  });
  it('explains both clocks, and is silent where none runs', () => {
    const both = explain(withClocks(twoDays, { ...twoDays, name: 'total' }), china('2026-11-25 10:00'));
    expect(both.map((d) => [d.clock, d.overdue])).toEqual([
      ['resolve', true],
      ['total', true],
    ]);
    expect(zh(withClocks(null))).toEqual([]);
  });
});

describe('what happens when', () => {
  it('is each rung with its time, whether it spoke, and whom it tells', () => {
    const { incident } = passes(incidentIn('dispatched', 'R2'), later(8 * MINUTE));
    const [step] = explain(incident, later(8 * MINUTE));
    expect(step!.rungs.map((r) => [r.share, Date.parse(r.at) - later(0).getTime(), r.done, r.tells.at(-1)])).toEqual([
      [50, 5 * MINUTE, true, 'unit:drainage-1'],
      [80, 8 * MINUTE, true, OFFICE],
      [100, 10 * MINUTE, false, OFFICE],
      [150, 15 * MINUTE, false, 'leader'],
      [200, 20 * MINUTE, false, 'district'],
    ]);
  });
  it('ends where the system goes on by itself', () => {
    const [verifying] = explain(incidentIn('verifying'), later(0));
    expect(verifying!.rungs.map((r) => [r.share, r.then])).toEqual([
      [50, undefined],
      [80, undefined],
      [100, 'answerVerification'],
    ]);
    const [responding] = explain(incidentIn('responding'), later(0));
    expect(responding!.rungs.map((r) => r.then)).toEqual([undefined, undefined, 'lapse', undefined, undefined]);
  });
});

describe('a suspension', () => {
  it('says until when, that the other clocks stand still, and when it is looked at again', () => {
    const until = china('2027-02-01 09:00').toISOString();
    const suspended = make(incidentIn('handling', 'R4'), { verb: 'suspend', until, reason: '等路政' }, SUBDISTRICT);
    expect(zh(suspended, later(0))).toEqual([
      [
        '挂账约定到 2027-02-01 09:00',
        '从 2026-11-20 14:00 起算',
        '挂账期间其他时钟停走，恢复后接着算',
        '每月复核一次，下次 2026-12-20 14:00',
        '2027-02-01 09:00 到期',
      ],
    ]);
    expect(explain(suspended, later(0))[0]!.rungs).toEqual([]);
  });
  it('of a check that failed is told as such', () => {
    const back = make(incidentIn('checking'), { verb: 'failCheck', reason: '仍有积水' }, COMMUNITY, { now: later(HOUR) });
    expect(zh(back, later(HOUR))[0]).toContain('核查期间 2026-11-20 14:00 至 2026-11-20 15:00，其中 1 小时不计');
  });
});
