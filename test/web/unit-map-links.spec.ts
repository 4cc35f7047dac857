import { describe, expect, it } from 'vitest';
import { toGcj02 } from '../../src/grid/gcj02.ts';
import { MAPS, mapLink } from '../../web/unit/task/map-links.ts';

const HERE = { lng: 113.0008, lat: 23.6795 };
const SHIFTED = toGcj02(HERE);
const digits = (n: number) => n.toFixed(6);

describe('the way into a map', () => {
  it('is WGS-84 for the map of the device, which RFC 5870 asks for', () => {
    expect(mapLink('device', HERE, '井盖')).toBe('geo:23.679500,113.000800?q=23.679500,113.000800(%E4%BA%95%E7%9B%96)');
  });

  it.each([
    ['amap', `to=${digits(SHIFTED.lng)},${digits(SHIFTED.lat)},`],
    ['baidu', `location=${digits(SHIFTED.lat)},${digits(SHIFTED.lng)}&`],
    ['tencent', `tocoord=${digits(SHIFTED.lat)},${digits(SHIFTED.lng)}&`],
    ['apple', `daddr=${digits(SHIFTED.lat)},${digits(SHIFTED.lng)}&`],
  ] as const)('is shifted for %s, whose map is in GCJ-02', (map, part) => {
    expect(mapLink(map, HERE, '井盖')).toContain(part);
    expect(mapLink(map, HERE, '井盖')).not.toContain(digits(HERE.lng));
  });

  it('stays one address whatever the name is', () => {
    for (const map of MAPS) {
      const link = mapLink(map, HERE, '井盖&to=1,2 #x');
      expect(link, map).not.toMatch(/[ #]/);
      if (map !== 'device') expect(new URL(link).searchParams.getAll('to').length, map).toBeLessThan(2);
    }
  });
});
