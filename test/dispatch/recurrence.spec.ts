import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupsOf, linked, type Occurrence } from '../../src/dispatch/recurrence.ts';
import { squaresAround } from '../../src/dispatch/squares.ts';

const RULES = { withinM: 50, withinDays: 30 };
const DAY = 86_400_000;
let n = 0;
const at = (m: number, day: number, kind = 'C0204'): Occurrence => ({
  id: String(n++).padStart(4, '0'),
  kind,
  lng: 113.05 + m / (111_195 * Math.cos((23.7 * Math.PI) / 180)),
  lat: 23.7,
  atMs: day * DAY,
});
const days = (groups: readonly (readonly Occurrence[])[]) => groups.map((g) => g.map((o) => o.atMs / DAY));

describe('反复 (the same kind at the same place)', () => {
  it.each<[string, Occurrence[], number[][]]>([
    ['a pit that opens twice in a month', [at(0, 1), at(20, 21)], [[1, 21]]],
    ['two pits a street apart', [at(0, 1), at(80, 2)], []],
    ['the same place after two months', [at(0, 1), at(0, 61)], []],
    [
      'every three weeks over a quarter: one matter, although its ends are months apart',
      [at(0, 1), at(5, 22), at(0, 43), at(5, 64), at(0, 85)],
      [[1, 22, 43, 64, 85]],
    ],
    ['a row of pits, each near the next', [at(0, 1), at(40, 2), at(80, 3)], [[1, 2, 3]]],
    ['a pit and a manhole cover', [at(0, 1), at(0, 2, 'C0101')], []],
    ['exactly the days and no more', [at(0, 1), at(0, 31), at(200, 1), at(200, 31.001)], [[1, 31]]],
  ])('%s', (_, occurrences, expected) => {
    expect(days(groupsOf(occurrences, RULES))).toEqual(expected);
  });

  it('names the one that was reported last first, and leaves out the small', () => {
    const groups = groupsOf([at(0, 1), at(0, 2), at(500, 8), at(500, 9), at(500, 10)], RULES);
    expect(days(groups)).toEqual([
      [8, 9, 10],
      [1, 2],
    ]);
    expect(days(groupsOf(groups.flat(), RULES, 3))).toEqual([[8, 9, 10]]);
  });

  const occurrence = fc.record({
    kind: fc.constantFrom('C0101', 'C0204'),
    lng: fc.double({ min: 113.05, max: 113.053, noNaN: true }),
    lat: fc.double({ min: 23.7, max: 23.703, noNaN: true }),
    atMs: fc.integer({ min: 0, max: 120 }).map((day) => day * DAY),
  });
  const many = fc.array(occurrence, { maxLength: 60 }).map((list) => list.map((o, i) => ({ ...o, id: String(i).padStart(3, '0') })));

  /** By the definition: whatever can be reached by links. */
  function reachable(all: readonly Occurrence[], from: Occurrence): string {
    const found = new Set([from]);
    for (const one of found) for (const other of all) if (linked(one, other, RULES)) found.add(other);
    return [...found]
      .map((o) => o.id)
      .sort()
      .join();
  }

  it('groups exactly what can be reached by links, whatever the order', () => {
    fc.assert(
      fc.property(many, fc.integer(), (all, seed) => {
        const groups = groupsOf(all, RULES, 1);
        expect(groups.flat().length).toBe(all.length);
        for (const group of groups)
          expect(
            group
              .map((o) => o.id)
              .sort()
              .join(),
          ).toBe(reachable(all, group[0]!));
        const shuffled = [...all].sort((a, b) => ((Number(a.id) * 7919 + seed) % 101) - ((Number(b.id) * 7919 + seed) % 101));
        expect(groupsOf(shuffled, RULES, 1)).toEqual(groups);
      }),
    );
  });
});

describe('squares of the ground', () => {
  it('hold every point of the circle', () => {
    const point = { lng: fc.double({ min: 112.5, max: 114, noNaN: true }), lat: fc.double({ min: 23, max: 54, noNaN: true }) };
    fc.assert(
      fc.property(
        fc.record(point),
        fc.double({ min: 1, max: 300, noNaN: true }),
        fc.double({ min: 0, max: 6.28, noNaN: true }),
        (middle, m, angle) => {
          const rim = {
            lng: middle.lng + (0.999 * m * Math.sin(angle)) / (111_195 * Math.cos((middle.lat * Math.PI) / 180)),
            lat: middle.lat + (0.999 * m * Math.cos(angle)) / 111_195,
          };
          const square = Math.floor(rim.lat * 1000) * 1_000_000 + Math.floor(rim.lng * 1000);
          expect(squaresAround(middle, m)).toContain(square);
        },
      ),
    );
  });
});
