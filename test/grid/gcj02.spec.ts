import { describe, expect, it } from 'vitest';
import { fromGcj02, toGcj02 } from '../../src/grid/gcj02.ts';

/** Points and what the published formula makes of them, as its implementations are tested with. */
const KNOWN = [
  ['上海', { lng: 121.5272106, lat: 31.1774276 }, { lng: 121.531541859215, lat: 31.17530398364597 }],
  ['深圳', { lng: 113.912316, lat: 22.543847 }, { lng: 113.9171764808363, lat: 22.540796131694766 }],
  ['北京', { lng: 116.377817, lat: 39.911954 }, { lng: 116.38404722455657, lat: 39.91334545536069 }],
] as const;
/** Degrees; 1 cm. */
const CENTIMETRE = 1e-7;
/** Degrees; 2 m. */
const TWO_METRES = 2e-5;

describe('GCJ-02', () => {
  it.each(KNOWN)('of %s is where the formula puts it', (_name, wgs, gcj) => {
    const made = toGcj02(wgs);
    expect(Math.abs(made.lng - gcj.lng)).toBeLessThan(CENTIMETRE);
    expect(Math.abs(made.lat - gcj.lat)).toBeLessThan(CENTIMETRE);
  });

  it.each(KNOWN)('of %s is taken back to within two metres', (_name, wgs, gcj) => {
    const back = fromGcj02(gcj);
    expect(Math.abs(back.lng - wgs.lng)).toBeLessThan(TWO_METRES);
    expect(Math.abs(back.lat - wgs.lat)).toBeLessThan(TWO_METRES);
  });
});
