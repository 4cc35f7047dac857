import { describe, expect, it } from 'vitest';
import {
  beyond,
  boxAround,
  overlap,
  roomForLabels,
  roomForNames,
  type LabelOffset,
  type WantedName,
} from '../../web/centre/map/label-room.ts';
import { makeNamePlaces, type MapView } from '../../web/centre/map/name-places.ts';
import { roomFor, stepBack } from '../../web/centre/map/room.ts';
import type { Mark } from '../../web/centre/map/scene.ts';

describe('单位名 (labels beside their points)', () => {
  const size = { width: 80, height: 20, clear: 10 };

  it('stand to the right where there is room', () => {
    expect(roomForLabels([{ x: 100, y: 100, ...size }], [])).toEqual([{ dx: 50, dy: 0 }]);
  });

  it('of two bases side by side go to opposite sides, off the mark of the other', () => {
    const [first, second] = roomForLabels(
      [
        { x: 100, y: 100, ...size },
        { x: 104, y: 108, ...size },
      ],
      [boxAround(100, 100, 18), boxAround(104, 108, 18)],
    );
    expect(first).toEqual({ dx: -50, dy: 0 });
    expect(second).toEqual({ dx: 50, dy: 0 });
  });

  it('leave the mark of an incident free', () => {
    expect(roomForLabels([{ x: 100, y: 100, ...size }], [boxAround(150, 100, 30)])).toEqual([{ dx: -50, dy: 0 }]);
  });

  it('are not cut off by the edge of the map', () => {
    const map = { width: 300, height: 200 };
    const at = (x: number, y: number) => roomForLabels([{ x, y, ...size }], beyond(map))[0];
    expect(at(250, 100)).toEqual({ dx: -50, dy: 0 });
    // Left of the point it would be cut off.
    expect(roomForLabels([{ x: 40, y: 100, ...size }], [...beyond(map), boxAround(90, 100, 20)])).toEqual([{ dx: 0, dy: 20 }]);
    expect(at(150, 195)).toEqual({ dx: 0, dy: -20 });
  });

  it('are left out when nothing is free, and take no room then', () => {
    const here = { x: 100, y: 100, ...size };
    const all = roomForLabels([here, here, here, here, here, { ...here, x: 400 }], []);
    expect(all.map((room) => room !== null)).toEqual([true, true, true, true, false, true]);
  });
});

describe('地名 (names of places beside the marks)', () => {
  const name = (code: string, x: number, y: number): WantedName => ({ code, x, y, width: 64, height: 20 });
  const boxOf = ({ x, y, width, height }: WantedName, { dx, dy }: LabelOffset) => ({
    left: x + dx - width / 2,
    top: y + dy - height / 2,
    width,
    height,
  });
  const none = new Map<string, LabelOffset>();

  it('stand at their place where nothing lies on it', () => {
    expect(roomForNames([name('a', 100, 100)], [boxAround(200, 100, 18)], none).get('a')).toEqual({ dx: 0, dy: 0 });
  });

  it('go aside of a mark, no further than their own width and twice their height, and off each other', () => {
    const names = [name('a', 100, 100), name('b', 100, 124), name('c', 170, 100)];
    const marks = [boxAround(90, 100, 18), boxAround(112, 121, 18), boxAround(165, 104, 18)];
    const found = roomForNames(names, marks, none);
    const boxes = names.map((n) => boxOf(n, found.get(n.code)!));
    boxes.forEach((box, i) => {
      expect(marks.some((mark) => overlap(box, mark))).toBe(false);
      expect(boxes.some((other, j) => j !== i && overlap(box, other))).toBe(false);
      const { dx, dy } = found.get(names[i]!.code)!;
      expect(Math.abs(dx)).toBeLessThanOrEqual(64);
      expect(Math.abs(dy)).toBeLessThanOrEqual(40);
    });
  });

  it('come in from the edge of the map, and out from under the label of a unit', () => {
    const map = { width: 300, height: 200 };
    const label = boxAround(150, 100, 34);
    const names = [name('west', 4, 60), name('middle', 150, 100)];
    const found = roomForNames(names, [label, ...beyond(map)], none);
    for (const n of names) {
      const box = boxOf(n, found.get(n.code)!);
      expect([label, ...beyond(map)].some((other) => overlap(box, other))).toBe(false);
    }
  });

  it('stay where they are as long as there is room, and also where there is none anywhere', () => {
    const kept = new Map([['a', { dx: 0, dy: -18 }]]);
    expect(roomForNames([name('a', 100, 100)], [], kept).get('a')).toEqual({ dx: 0, dy: -18 });
    expect(roomForNames([name('a', 100, 100)], [boxAround(100, 100, 400)], kept).get('a')).toEqual({ dx: 0, dy: -18 });
    expect(roomForNames([name('a', 100, 100)], [boxAround(100, 100, 400)], none).get('a')).toEqual({ dx: 0, dy: 0 });
  });

  it('go where the fewest marks lie on them when there is no room at all', () => {
    const crowd = [boxAround(100, 100, 300), boxAround(100, 100, 10), boxAround(80, 100, 10)];
    const { dx, dy } = roomForNames([name('a', 100, 100)], crowd, none).get('a')!;
    expect(crowd.filter((mark) => overlap(boxOf(name('a', 100, 100), { dx, dy }), mark))).toHaveLength(1);
  });

  it('are those of subdistricts from afar and of communities near by, written on the map where they found room', () => {
    const PX = 1_000;
    const view = (zoom: number): MapView => ({
      zoom: () => zoom,
      project: ({ lng, lat }) => ({ x: (lng - 113) * PX, y: (24 - lat) * PX }),
      unproject: (x, y) => ({ lng: 113 + x / PX, lat: 24 - y / PX }),
    });
    const at = { lng: 113.1, lat: 23.9 };
    const ground = { subdistricts: [{ code: '441802006', at }], communities: [{ code: '441802006001', at }] };
    const unit: Mark = { key: 'u', what: 'unit', image: '', position: at, rank: 0 };
    const places = makeNamePlaces(ground, () => ({ width: 60, height: 20 }));
    const size = { width: 200, height: 200 };
    const far = places(view(10), size, [unit], []);
    expect(far.communities).toBe(ground.communities);
    expect(far.subdistricts[0]!.at.lat).not.toBe(at.lat);
    expect(far.subdistricts[0]!.at.lat).toBeCloseTo(at.lat + 0.018, 6);
    expect(places(view(12), size, [unit], []).subdistricts).toBe(ground.subdistricts);
    // Out of sight nobody is given way to, and with the mark gone at another zoom all is as it was.
    expect(places(view(10.5), { width: 50, height: 50 }, [unit], []).subdistricts).toEqual(ground.subdistricts);
    expect(places(view(10), size, [], []).subdistricts).toEqual(ground.subdistricts);
  });
});

describe('the map under a panel at its bottom', () => {
  const HEIGHT = 850;

  it('keeps in sight what was in sight, and steps back no further than that needs', () => {
    for (const covered of [90, 160, 300]) {
      const room = roomFor(covered, HEIGHT);
      expect(room.bottom).toBeGreaterThan(covered);
      for (const seen of [
        { from: 56, to: 774 },
        { from: 56, to: 400 },
        { from: 500, to: 700 },
      ]) {
        const { zoom, middleY } = stepBack(10.5, HEIGHT, seen, room);
        expect(zoom).toBeLessThanOrEqual(10.5);
        expect(zoom).toBeGreaterThan(9);
        const now = (y: number) => HEIGHT / 2 + (y - middleY) * 2 ** (zoom - 10.5);
        expect(now(seen.from)).toBeGreaterThanOrEqual(room.top - 1e-6);
        expect(now(seen.to)).toBeLessThanOrEqual(HEIGHT - room.bottom + 1e-6);
        if (seen.to - seen.from < HEIGHT - room.top - room.bottom) expect(zoom).toBe(10.5);
      }
    }
  });

  it('is never left without any room', () => {
    const { top, bottom } = roomFor(700, 400);
    expect(400 - top - bottom).toBeGreaterThan(100);
  });
});
