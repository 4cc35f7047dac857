import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPressing, lengthM, planWalk, PRESSING_MS, type Point, type Stop } from '../../web/field/walk/plan.ts';

const now = new Date('2026-11-23T07:00:00Z');
const HOME: Point = { lng: 113.0008, lat: 23.6795 };
/** Metres east and north of home, near enough. */
const at = (east: number, north = 0): Point => ({ lng: HOME.lng + east / 101_900, lat: HOME.lat + north / 111_195 });
const inMs = (ms: number) => new Date(now.getTime() + ms).toISOString();
const stop = (id: string, position: Point, by: Partial<Stop> = {}): Stop => ({ id, position, kind: 'open', dueAt: null, ...by });
const ids = (stops: readonly Stop[]) => stops.map((s) => s.id).join(' ');

describe('今日路线 (today’s walk)', () => {
  it('goes to the nearest first, and on from there', () => {
    const walk = planWalk(HOME, [stop('far', at(300)), stop('near', at(100)), stop('middle', at(200))], now);
    expect(ids(walk.stops)).toBe('near middle far');
    expect(walk.metres).toBeCloseTo(300, -1);
  });

  it('uncrosses what nearest-first would cross', () => {
    // Nearest first runs to and fro over the start, farther each time; east last is the shorter way.
    const stops = [stop('a', at(10)), stop('b', at(-15)), stop('c', at(60)), stop('d', at(-100))];
    const walk = planWalk(HOME, stops, now);
    const nearestFirst = ['a', 'b', 'c', 'd'].map((id) => stops.find((s) => s.id === id)!);
    expect(lengthM(HOME, nearestFirst)).toBeCloseTo(270, -1);
    expect(walk.metres).toBeCloseTo(220, -1);
  });

  it('goes to what is asked and pressing first, by its time, however far', () => {
    const stops = [
      stop('near', at(20)),
      stop('soon', at(-400), { kind: 'verify', dueAt: inMs(20 * 60_000) }),
      stop('late', at(400), { kind: 'check', dueAt: inMs(-60_000) }),
      stop('tonight', at(30), { kind: 'check', dueAt: inMs(5 * PRESSING_MS) }),
    ];
    expect(ids(planWalk(HOME, stops, now).stops)).toBe('late soon near tonight');
  });

  it('does not hurry to an open incident: its time is somebody else’s', () => {
    expect(isPressing(stop('open', at(0), { dueAt: inMs(-1) }), now)).toBe(false);
    expect(isPressing(stop('asked', at(0), { kind: 'verify', dueAt: inMs(PRESSING_MS) }), now)).toBe(true);
    expect(isPressing(stop('asked', at(0), { kind: 'verify', dueAt: inMs(PRESSING_MS + 1) }), now)).toBe(false);
    expect(isPressing(stop('no clock', at(0), { kind: 'verify' }), now)).toBe(false);
  });

  it('begins at the first stop when nobody knows where the phone is', () => {
    const walk = planWalk(null, [stop('a', at(0)), stop('b', at(100))], now);
    expect(ids(walk.stops)).toBe('a b');
    expect(walk.metres).toBeCloseTo(100, 0);
    expect(planWalk(null, [], now)).toEqual({ stops: [], metres: 0 });
  });

  const points = fc.record({ east: fc.integer({ min: -500, max: 500 }), north: fc.integer({ min: -500, max: 500 }) });
  const stopsOf = (list: readonly { east: number; north: number }[]) => list.map((p, i) => stop(`s${i}`, at(p.east, p.north)));

  it('visits every stop once, is the same whatever the order they came in, and no turned stretch would shorten it', () => {
    fc.assert(
      fc.property(fc.array(points, { maxLength: 12 }), (list) => {
        const stops = stopsOf(list);
        const walk = planWalk(HOME, stops, now).stops;
        expect([...walk].map((s) => s.id).sort()).toEqual(stops.map((s) => s.id).sort());
        expect(planWalk(HOME, stops.toReversed(), now).stops).toEqual(walk);
        const whole = lengthM(HOME, walk);
        for (let i = 0; i < walk.length - 1; i++)
          for (let j = i + 1; j < walk.length; j++) {
            const turned = [...walk.slice(0, i), ...walk.slice(i, j + 1).reverse(), ...walk.slice(j + 1)];
            expect(lengthM(HOME, turned)).toBeGreaterThan(whole - 0.02);
          }
      }),
      { numRuns: 60 },
    );
  });
});
