import { describe, expect, it } from 'vitest';
import type { Clock, Incident } from '../../src/dispatch/chain/incident.ts';
import { explainDeadlines } from '../../src/dispatch/explain.ts';

const HOUR = 3_600_000;
const calendar = {
  days: new Map<string, boolean>(),
  spans: [
    { fromMin: 510, toMin: 720 },
    { fromMin: 870, toMin: 1050 },
  ],
};
const clock = (changed: Partial<Clock>): Clock => ({
  name: 'resolve',
  startedAt: '2026-11-20T06:30:00.000Z',
  limitMs: 13 * HOUR,
  kind: 'working',
  dueAt: '2026-11-24T06:30:00.000Z',
  rungAt: null,
  rung: 0,
  ...changed,
});
const withClocks = (step: Clock | null, total: Clock | null) => ({ clocks: { step, total } }) as unknown as Incident;
const zh = (incident: Incident) =>
  explainDeadlines(incident, calendar, new Date('2026-11-23T00:00:00Z')).map((d) => d.lines.map((l) => l.zh));

describe('why this deadline', () => {
  it('says limit, start, what counts and when it is due, in China’s time', () => {
    expect(zh(withClocks(clock({}), null))).toEqual([
      ['处置限 2 个工作日', '从 2026-11-20 14:30 起算', '只计工作时间：工作日 08:30–12:00、14:30–17:30', '2026-11-24 14:30 到期'],
    ]);
  });

  it('says that a continuous clock counts day and night, in the unit that fits', () => {
    const [lines] = zh(withClocks(clock({ kind: 'continuous', limitMs: 4 * HOUR }), null));
    expect(lines).toContain('处置限 4 小时');
    expect(lines).toContain('昼夜连续计时');
    expect(zh(withClocks(clock({ kind: 'continuous', limitMs: 0.5 * HOUR }), null))[0]).toContain('处置限 30 分钟');
  });

  it('says that extensions are included, and that other clocks stand still while it is suspended', () => {
    expect(zh(withClocks(clock({ extendedMs: 2 * HOUR }), null))[0]).toContain('已批延期 120 分钟，已计入');
    expect(zh(withClocks(clock({ usedMs: HOUR }), null))[0]).toContain('挂账前已用 60 分钟');
    expect(zh(withClocks(clock({ name: 'resume', kind: 'continuous' }), null))[0]).toContain('挂账期间其他时钟停走，恢复后接着算');
  });

  it('explains both clocks, and is silent where none runs', () => {
    const both = explainDeadlines(withClocks(clock({}), clock({ name: 'total' })), calendar, new Date('2026-11-25T00:00:00Z'));
    expect(both.map((d) => [d.clock, d.overdue])).toEqual([
      ['resolve', true],
      ['total', true],
    ]);
    expect(zh(withClocks(null, null))).toEqual([]);
  });
});
