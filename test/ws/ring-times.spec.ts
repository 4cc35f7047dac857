import { describe, expect, it, test } from 'vitest';
import { LEVELS } from '../../src/dispatch/chain/incident.ts';
import type { Rules } from '../../src/dispatch/chain/levels.ts';
import { loadRingEvery, nextRing, type RingEvery } from '../../src/ws/ring-times.ts';
import { openTestDatabase } from '../support/database.ts';

const MINUTE = 60_000;
const EVERY: RingEvery = { R1: MINUTE, R2: 2 * MINUTE, R3: 10 * MINUTE, R4: 30 * MINUTE };
const kinds = { R1: 'continuous', R2: 'continuous', R3: 'working', R4: 'working' } as const;
const RULES: Pick<Rules, 'limits' | 'calendar'> = {
  limits: new Map(LEVELS.map((level) => [`${level}:acknowledge` as const, { value: 10, unit: 'minutes', kind: kinds[level] }])),
  calendar: {
    days: new Map(),
    spans: [
      { fromMin: 8 * 60 + 30, toMin: 12 * 60 },
      { fromMin: 14 * 60 + 30, toMin: 17 * 60 + 30 },
    ],
  },
};
/** China time, 2026-11-27 is a Friday. */
const at = (text: string): number => Date.parse(`2026-11-${text}:00.000+08:00`);
const rounds = (level: keyof RingEvery, since: number, count: number): string[] => {
  const found: number[] = [];
  for (let after = since; found.length < count; after = found.at(-1)!) found.push(nextRing(RULES, EVERY, level, since, after));
  return found.map((ms) => new Date(ms + 8 * 60 * MINUTE).toISOString().slice(8, 16));
};

describe('再响 (when an unanswered ring sounds again)', () => {
  it('R1 each minute and R2 each two, by day and by night', () => {
    expect(rounds('R1', at('27T23:59'), 3)).toEqual(['28T00:00', '28T00:01', '28T00:02']);
    expect(rounds('R2', at('27T23:59'), 3)).toEqual(['28T00:01', '28T00:03', '28T00:05']);
  });
  it('R3 and R4 only in working time: over noon, over the night, over the weekend', () => {
    expect(rounds('R3', at('27T11:45'), 3)).toEqual(['27T11:55', '27T14:35', '27T14:45']);
    expect(rounds('R4', at('27T17:15'), 2)).toEqual(['30T08:45', '30T09:15']);
    expect(rounds('R3', at('28T10:00'), 2)).toEqual(['30T08:40', '30T08:50']);
  });
  it('goes by when the answer was asked for, whenever one looks', () => {
    const since = at('27T09:00');
    expect(nextRing(RULES, EVERY, 'R2', since, since + 3.5 * MINUTE)).toBe(since + 4 * MINUTE);
    // A device that comes after the night is not rung for each round that it missed.
    expect(nextRing(RULES, EVERY, 'R3', since, at('28T03:00'))).toBe(at('30T08:40'));
  });
  test.each(LEVELS)('of %s is always later than the time that is looked from', (level) => {
    const since = at('27T08:00');
    for (let minute = -10; minute < 3 * 24 * 60; minute += 7) {
      const after = since + minute * MINUTE;
      expect(nextRing(RULES, EVERY, level, since, after)).toBeGreaterThan(Math.max(since, after));
    }
  });
  it('has its figures in the table of levels', async () => {
    const { db, drop } = await openTestDatabase();
    try {
      expect(await loadRingEvery(db.kysely)).toEqual(EVERY);
    } finally {
      await drop();
    }
  });
});
