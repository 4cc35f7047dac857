/** What stands on the map: every incident counted once at every zoom, every unit where it is known to be, and only differences told. */
import { describe, expect, it } from 'vitest';
import { FRESH_POSITION_MS } from '../../src/dispatch/chain/candidates.ts';
import { CLUSTERED_UP_TO, clusterer, opensAt } from '../../web/centre/map/clusters.ts';
import { countOf, differences } from '../../web/centre/map/differences.ts';
import { clusterImage, markImage, pictureNamed, unitImage } from '../../web/centre/map/image-names.ts';
import { boxOn, overlap } from '../../web/centre/map/label-room.ts';
import { readLayers, USUAL, writeLayers } from '../../web/centre/map/layer-choice.ts';
import { makePositions } from '../../web/centre/map/positions.ts';
import {
  ABOVE_NAMES,
  AT_REST,
  clusterMark,
  clusterOf,
  countByPlace,
  countsInALine,
  incidentMark,
  markPx,
  markScale,
  sameIncidents,
  sameWays,
  unitMark,
  waysOf,
  type Mark,
  type MapIncident,
  type MapUnit,
} from '../../web/centre/map/scene.ts';
import { drawnAt, isBusy, UNIT_STATES, unitState } from '../../web/centre/map/unit-state.ts';

const LEVELS = ['R1', 'R2', 'R3', 'R4'] as const;
/** Spread over the district without randomness: the fractional parts of multiples of two irrational numbers. */
const spot = (i: number) => ({ lng: 112.9 + ((i * 0.618034) % 1) * 0.45, lat: 23.5 + ((i * 0.754878) % 1) * 0.38 });
const incident = (i: number): MapIncident => ({
  id: `i${i}`,
  level: i % 50 === 0 ? 'R1' : LEVELS[1 + (i % 3)]!,
  late: i % 7 === 0,
  chosen: false,
  position: spot(i),
});
const many = Array.from({ length: 5_000 }, (_, i) => incident(i));
const at = { lng: 113, lat: 23.7 };

describe('five thousand incidents', () => {
  it('are all on the map at every zoom, each once', () => {
    const shownAt = clusterer(many, true);
    for (let zoom = 8; zoom <= 17; zoom++) {
      const { alone, clusters } = shownAt(zoom);
      expect([zoom, alone.length + clusters.reduce((sum, c) => sum + c.members.length, 0)]).toEqual([zoom, 5_000]);
      expect(new Set(alone.map((i) => i.id)).size).toBe(alone.length);
    }
  });

  it('are few marks from afar, and each its own near by', () => {
    const shownAt = clusterer(many, true);
    const marks = (zoom: number) => shownAt(zoom).alone.length + shownAt(zoom).clusters.length;
    expect(marks(9)).toBeLessThan(600);
    expect(marks(CLUSTERED_UP_TO + 1)).toBe(5_000);
  });

  it('hide no critical one, nor the one that is looked at: its mark is its own or shows it, at the place of one as grave', () => {
    const chosen = { ...many[4]!, chosen: true };
    const shownAt = clusterer([...many.slice(0, 4), chosen, ...many.slice(5)], true);
    for (const zoom of [8, 10, 12, 14]) {
      const { alone, clusters } = shownAt(zoom);
      const shown = new Set(alone.map((i) => i.id));
      for (const i of many.filter((m) => m.level === 'R1' && !shown.has(m.id))) {
        const { gravest, members, position, chosen } = clusters.find((c) => c.members.some(({ id }) => id === i.id))!;
        expect(gravest).toBe('R1');
        expect(chosen || members.some((m) => m.level === 'R1' && m.position === position)).toBe(true);
      }
      expect(shown.has(chosen.id) || clusters.some((c) => c.chosen && c.position === chosen.position)).toBe(true);
    }
  });

  it.each([true, false])('cover none of each other (gathered from afar: %s)', (gathered) => {
    const crowd = many.slice(0, 1_200);
    const shownAt = clusterer([...crowd, ...crowd.slice(0, 300).map((i) => ({ ...i, id: `${i.id} again` }))], gathered);
    for (const zoom of [8, 9, 11, 13, 17]) {
      const { alone, clusters } = shownAt(zoom);
      const marks = [...alone.map(incidentMark), ...clusters.map(clusterMark)];
      const boxes = marks.map((mark) => {
        const side = 512 * 2 ** zoom;
        const { lng, lat } = mark.position;
        const north = Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI);
        return boxOn((lng / 360) * side, -north * side, ...markPx(mark));
      });
      const covering = boxes.filter((box, i) => boxes.some((other, j) => j > i && overlap(box, other)));
      expect([zoom, covering.length]).toEqual([zoom, 0]);
    }
  });

  it('show of a cluster the gravest and how many are late', () => {
    const near = [
      { ...incident(1), level: 'R4', late: false, position: at },
      { ...incident(2), level: 'R2', late: true, position: { ...at, lng: at.lng + 1e-5 } },
      { ...incident(3), level: 'R3', late: false, position: { ...at, lat: at.lat + 1e-5 } },
    ] as const;
    const { clusters } = clusterer(near, true)(10);
    expect(clusters).toMatchObject([{ gravest: 'R2', late: 1, chosen: false }]);
    expect(clusterMark(clusters[0]!)).toMatchObject({ what: 'cluster', image: clusterImage('R2', true, false, 3) });
  });

  it('two overdue critical ones in a cell with three others: one mark that counts five and shows what is gravest, also as near as the map goes', () => {
    const one = (id: string, level: MapIncident['level'], late: boolean, east = 0): MapIncident => ({
      id,
      level,
      late,
      chosen: false,
      position: { ...at, lng: at.lng + east },
    });
    const cell = [one('a', 'R2', false), one('b', 'R2', false), one('c', 'R2', true), one('d', 'R1', true), one('e', 'R1', true)];
    for (const zoom of [9, 12, 13, 17]) {
      for (const gathered of [true, false]) {
        const { alone, clusters } = clusterer(cell, gathered)(zoom);
        expect(alone).toEqual([]);
        expect(clusters.map(clusterMark)).toMatchObject([{ image: clusterImage('R1', true, false, 5), position: at }]);
        expect(opensAt(clusters[0]!, zoom, gathered)).toBeNull();
      }
    }
    // A street away: one mark from afar, which opens where two find room.
    const { clusters } = clusterer([...cell, one('f', 'R4', false, 0.001)], true)(11);
    expect(clusters).toMatchObject([{ members: { length: 6 } }]);
    const opens = opensAt(clusters[0]!, 11, true)!;
    expect(opens).toBeGreaterThan(11);
    expect(clusterer([...cell, one('f', 'R4', false, 0.001)], true)(opens)).toMatchObject({
      alone: [{ id: 'f' }],
      clusters: [{ gravest: 'R1' }],
    });
    // The one that is looked at is ringed where it lies with others.
    const looked = clusterer([...cell, { ...one('g', 'R4', false), chosen: true }], true)(14).clusters;
    expect(looked.map(clusterMark)).toMatchObject([{ image: clusterImage('R1', true, true, 6) }]);
  });

  it('tell the map only what differs', () => {
    const marks = many.map(incidentMark);
    const shown = new Map(marks.map((m) => [m.key, m]));
    expect(countOf(differences(shown, marks))).toBe(0);
    const next = [...marks.slice(1), { ...marks[0]!, key: 'new' }];
    next[5] = { ...next[5]!, image: markImage('R1', true, false) };
    next[6] = { ...next[6]!, position: at };
    const found = differences(shown, next);
    expect(found.added.map((m) => m.key)).toEqual(['new']);
    expect(found.changed.map((m) => m.key)).toEqual([next[5].key]);
    expect(found.moved.map((m) => m.key)).toEqual([next[6].key]);
    expect(found.removed).toEqual([marks[0]!.key]);
  });
});

describe('a mark', () => {
  it('of a graver incident lies above, of an overdue one above those of its level, of the chosen one on top', () => {
    const base = { ...incident(1), late: false, chosen: false };
    const rank = (more: Partial<MapIncident>) => incidentMark({ ...base, ...more }).rank;
    const order = [rank({ level: 'R4' }), rank({ level: 'R4', late: true }), rank({ level: 'R1' }), rank({ level: 'R4', chosen: true })];
    expect([...order].sort((a, b) => a - b)).toEqual(order);
  });

  it('of several lies no higher than the gravest of them would', () => {
    const one = (level: MapIncident['level'], late: boolean): MapIncident => ({ ...incident(1), level, late, chosen: false });
    const rank = (...members: MapIncident[]) => clusterMark(clusterOf(members, at)).rank;
    const order = [
      incidentMark(one('R4', true)).rank,
      rank(one('R2', false), one('R4', false)),
      rank(one('R2', false), one('R4', true)),
      incidentMark(one('R1', false)).rank,
      rank(one('R1', true), one('R2', false)),
    ];
    expect([...order].sort((a, b) => a - b)).toEqual(order);
  });

  it('of a unit lies above the names of places only where it is sent to the opened incident', () => {
    const unit = (more: Partial<MapUnit>) =>
      unitMark({ code: 'x', image: '', sent: false, busy: false, atHome: false, position: at, ...more }).rank;
    const order = [unit({ atHome: true }), unit({}), unit({ busy: true }), unit({ sent: true, busy: true })];
    expect(new Set(order).size).toBe(4);
    expect([...order].sort((a, b) => a - b)).toEqual(order);
    expect(order.map((rank) => rank >= ABOVE_NAMES)).toEqual([false, false, false, true]);
    expect(order.map((rank) => rank === AT_REST)).toEqual([true, false, false, false]);
  });

  it('grows with the zoom up to its full size, a unit at rest from the smallest, a cluster not at all', () => {
    const sizes = (what: Mark['what'], rank: number) => [8, 9, 11, 12.5, 16].map((zoom) => markScale({ what, rank }, zoom));
    for (const [what, rank] of [
      ['incident', 5],
      ['unit', 1],
      ['unit', AT_REST],
    ] as const) {
      const found = sizes(what, rank);
      expect([...found].sort((a, b) => a - b)).toEqual(found);
      expect(found[1]).toBe(found[0]);
      expect(found.slice(3)).toEqual([1, 1]);
    }
    expect(sizes('unit', AT_REST)[0]).toBeLessThan(sizes('unit', 1)[0]!);
    expect(new Set(sizes('cluster', 5))).toEqual(new Set([1]));
  });

  it('is the same list where only time has passed', () => {
    const again = many.map((i) => ({ ...i, position: { ...i.position } }));
    expect(sameIncidents(many, again)).toBe(true);
    for (const change of [{ late: !many[7]!.late }, { level: 'R1' as const }, { chosen: true }, { id: 'other' }, { position: at }]) {
      expect(sameIncidents(many, [...again.slice(0, 7), { ...again[7]!, ...change }, ...again.slice(8)])).toBe(false);
    }
    expect(sameIncidents(many, again.slice(1))).toBe(false);
  });

  it('has a name that says what to draw', () => {
    expect(pictureNamed(markImage('R2', true, false))).toEqual({ of: 'incident', level: 'R2', late: true, chosen: false });
    expect(pictureNamed(clusterImage('R3', false, true, 137))).toEqual({
      of: 'cluster',
      level: 'R3',
      late: false,
      chosen: true,
      count: 137,
    });
    for (const state of UNIT_STATES) {
      expect(pictureNamed(unitImage(state, true, false))).toEqual({ of: 'unit', state, home: true, chosen: false });
    }
    expect(() => pictureNamed('flag')).toThrow(RangeError);
  });

  it('is no cell: those are counted', () => {
    expect([...countByPlace(['1', '2', '1'])]).toEqual([
      ['1', 2],
      ['2', 1],
    ]);
  });
});

describe('the line above the map', () => {
  it('names the subdistricts with most, of as many the lower code first, in whatever order they come, and sums to all', () => {
    const open = ['006', '002', '006', '011', '004', '006', '002', '009', '009', '009', '009', '020'];
    const line = countsInALine(open);
    expect(line.named).toEqual([
      ['009', 4],
      ['006', 3],
      ['002', 2],
      ['004', 1],
    ]);
    expect(line.others).toEqual({ places: 2, incidents: 2 });
    expect(countsInALine([...open].reverse())).toEqual(line);
    expect(countsInALine(['006'])).toEqual({ named: [['006', 1]], others: { places: 0, incidents: 0 } });
  });
});

describe('a unit', () => {
  it('stands as far as it has come, whatever the roster says', () => {
    expect(unitState([], 'on')).toBe('free');
    expect(unitState([], undefined)).toBe('free');
    expect(unitState([], 'off')).toBe('off');
    expect(unitState(['assigned'], 'off')).toBe('called');
    expect(unitState(['acknowledged'], 'on')).toBe('called');
    expect(unitState(['assigned', 'enRoute'], 'on')).toBe('onWay');
    expect(unitState(['enRoute', 'onScene'], 'on')).toBe('onScene');
    expect(unitState(['finished', 'declined'], 'on')).toBe('free');
    expect(UNIT_STATES.filter(isBusy)).toEqual(['called', 'onWay', 'onScene']);
  });

  it('is at its home once its position is old, and never on its way from there', () => {
    const heard = { position: spot(1), at: '2026-11-20T06:00:00.000Z' };
    const then = Date.parse(heard.at);
    expect(drawnAt(at, heard, then + FRESH_POSITION_MS)).toEqual({ position: spot(1), atHome: false });
    expect(drawnAt(at, heard, then + FRESH_POSITION_MS + 1)).toEqual({ position: at, atHome: true });
    expect(drawnAt(at, undefined, then)).toEqual({ position: at, atHome: true });
    expect(drawnAt(undefined, undefined, then)).toBeNull();
    const unit = (atHome: boolean): MapUnit => ({ code: 'x', image: '', sent: true, busy: false, atHome, position: at });
    expect(waysOf([unit(false), unit(true)], spot(2))).toEqual([{ from: at, to: spot(2) }]);
    expect(waysOf([unit(false)], null)).toEqual([]);
    const way = { from: at, to: spot(2) };
    expect(sameWays([way], [{ from: { ...at }, to: spot(2) }])).toBe(true);
    expect([sameWays([way], []), sameWays([way], [{ ...way, from: spot(3) }])]).toEqual([false, false]);
  });

  it('moves with the frames, told to the page once for many of them', () => {
    const timers: (() => void)[] = [];
    const positions = makePositions((_ms, run) => void timers.push(run));
    const item = (n: number, s: number) => ({ unit: `u${n}`, position: spot(s), at: new Date(1_000 * s).toISOString() });
    const seen: Map<string, Mark>[] = [];
    for (let second = 1; second <= 4; second++) {
      positions.take(Array.from({ length: 1_500 }, (_, n) => item(n, second)));
      // Half of a second's news comes in a second frame.
      positions.take(Array.from({ length: 750 }, (_, n) => item(n, second + 0.5)));
      expect(timers).toHaveLength(1);
      timers.splice(0)[0]!();
      const heard = positions.heard.value;
      const units = [...heard.values()].map((h) =>
        unitMark({ code: h.unit, image: '', sent: false, busy: false, atHome: false, position: h.position }),
      );
      if (seen.length > 0) expect(differences(seen.at(-1)!, units)).toMatchObject({ added: [], changed: [], removed: [] });
      if (seen.length > 0) expect(differences(seen.at(-1)!, units).moved).toHaveLength(1_500);
      seen.push(new Map(units.map((u) => [u.key, u])));
    }
    positions.take([item(0, 1)]);
    expect(timers).toHaveLength(0);
  });
});

describe('the layers', () => {
  it('are in the address, and only where they are not the usual ones', () => {
    expect(readLayers('')).toEqual(USUAL);
    expect(writeLayers('?q=井盖', USUAL)).toBe(`?q=${encodeURIComponent('井盖')}`);
    for (const shade of ['load', 'heat', 'none'] as const) {
      for (const bits of [0, 1, 2, 3, 4, 5, 6, 7]) {
        const choice = {
          shade,
          heatDays: shade === 'heat' ? 30 : USUAL.heatDays,
          clusters: (bits & 1) > 0,
          units: (bits & 2) > 0,
          base: (bits & 4) > 0,
        };
        expect(readLayers(writeLayers('?tab=push', choice))).toEqual(choice);
        expect(writeLayers('?tab=push', choice)).toContain('tab=push');
      }
    }
  });

  it('take nothing that is not known', () => {
    expect(readLayers('?layers=heat-13,moon')).toEqual({ ...USUAL, shade: 'none', clusters: false, units: false, base: false });
  });
});
