import { describe, expect, it, test } from 'vitest';
import { ago, clockTime, countdown, dayTime, leftShort, leftWords, span, toneOf, usedPart } from '../../web/shared/time.ts';

/** Monday 2026-11-23, 15:00 in the district. */
const now = new Date('2026-11-23T07:00:00Z');
const inMinutes = (m: number) => new Date(now.getTime() + m * 60_000);

describe('time left in words', () => {
  it('says what is left and what is over', () => {
    expect(leftWords(inMinutes(18), now, 'zh-CN')).toBe('还剩 18 分');
    expect(leftWords(inMinutes(-6), now, 'zh-CN')).toBe('超 6 分');
    expect(leftWords(inMinutes(94), now, 'zh-CN')).toBe('还剩 1 时 34 分');
    expect(leftWords(inMinutes(-6), now, 'en')).toBe('6 min over');
  });

  it('never promises more than is left', () => {
    expect(leftWords(new Date(now.getTime() + 119_999), now, 'zh-CN')).toBe('还剩 1 分');
    expect(leftWords(new Date(now.getTime() + 59_999), now, 'zh-CN')).toBe('还剩 59 秒');
  });

  it('is short in a live list: a countdown under an hour, hours under a day, a day and time beyond', () => {
    expect(leftShort(new Date(now.getTime() + (9 * 60 + 51) * 1000), now, 'zh-CN')).toBe('9:51');
    expect(leftShort(inMinutes(94), now, 'zh-CN')).toBe('1 时 34 分');
    expect(leftShort(new Date('2026-11-30T02:00:00Z'), now, 'zh-CN')).toBe('11月30日 10:00');
    expect(leftShort(new Date('2026-11-27T02:00:00Z'), now, 'zh-CN')).toBe('周五 10:00');
    expect(leftShort(inMinutes(-22), now, 'zh-CN')).toBe('超 22 分');
  });

  test.each([
    [0, '0 秒', '0 s'],
    [60_000, '1 分', '1 min'],
    [3_600_000, '1 小时', '1 h'],
    [86_400_000, '1 天', '1 d'],
    [90_000_000, '1 天 1 时', '1 d 1 h'],
  ])('%i ms is %s', (length, zh, en) => {
    expect(span(length, 'zh-CN')).toBe(zh);
    expect(span(length, 'en')).toBe(en);
  });

  it('a countdown that has run out stands at zero', () => {
    expect(countdown(-5)).toBe('0:00');
    expect(countdown(61_000)).toBe('1:01');
  });
});

describe('days and clocks are the district’s, whatever the device is set to', () => {
  it('turns the day at its midnight, not at UTC’s', () => {
    const evening = new Date('2026-11-23T15:30:00Z'); // 23:30 in the district
    expect(dayTime('2026-11-23T15:59:00Z', evening, 'zh-CN')).toBe('23:59');
    expect(dayTime('2026-11-23T16:01:00Z', evening, 'zh-CN')).toBe('明天 00:01');
    expect(dayTime('2026-11-22T15:59:00Z', evening, 'zh-CN')).toBe('昨天 23:59');
    expect(dayTime('2026-10-01T02:00:00Z', evening, 'en')).toBe('1 Oct 10:00');
  });

  it('shows hours and minutes, with seconds on demand', () => {
    expect(clockTime('2026-11-23T07:47:57Z')).toBe('15:47');
    expect(clockTime('2026-11-23T07:47:57Z', true)).toBe('15:47:57');
  });

  it('says how old a position is', () => {
    expect(ago(new Date(now.getTime() - 4_000), now, 'zh-CN')).toBe('4 秒前');
    expect(ago(now, now, 'zh-CN')).toBe('刚刚');
  });
});

describe('the colour of a time', () => {
  const clock = { startedAt: inMinutes(-80).toISOString(), dueAt: inMinutes(20).toISOString() };
  it('is brown from 80 % of the limit and plum when over', () => {
    expect(usedPart(clock, now)).toBeCloseTo(0.8, 10);
    expect(toneOf(usedPart(clock, new Date(now.getTime() - 1)))).toBe('calm');
    expect(toneOf(usedPart(clock, now))).toBe('near');
    expect(toneOf(usedPart(clock, inMinutes(20)))).toBe('late');
  });
  it('a limit of nothing is used up when it is due, not before', () => {
    const at = now.toISOString();
    expect(usedPart({ startedAt: at, dueAt: at }, now)).toBe(1);
    expect(usedPart({ startedAt: at, dueAt: at }, new Date(now.getTime() - 1))).toBe(0);
  });
});
