import { describe, expect, it } from 'vitest';
import { placeProofOf, readPlaceProof } from '../../src/evidence/place-proof.ts';

describe('the place proof', () => {
  it('takes the district’s time where the camera gives no offset', () => {
    expect(placeProofOf({ DateTimeOriginal: '2026:11:22 08:15:00' }).takenAt).toEqual(new Date('2026-11-22T00:15:00Z'));
    expect(placeProofOf({ DateTimeOriginal: '2026:11:22 08:15:00', OffsetTimeOriginal: '+00:00' }).takenAt).toEqual(
      new Date('2026-11-22T08:15:00Z'),
    );
  });

  it.each(['', '0000:00:00 00:00:00', '    :  :     :  :  ', '2026-11-22', 20261122, undefined])(
    'does not invent a time from %j',
    (DateTimeOriginal) => {
      expect(placeProofOf({ DateTimeOriginal }).takenAt).toBeNull();
    },
  );

  it.each([
    [23.7, 113.03, { lat: 23.7, lng: 113.03 }],
    [-23.7, -113.03, { lat: -23.7, lng: -113.03 }],
    [0, 0, null],
    [NaN, 113, null],
    [91, 113, null],
    [23, 181, null],
    [23, undefined, null],
    ['23', '113', null],
  ])('reads latitude %s, longitude %s as %j', (latitude, longitude, position) => {
    expect(placeProofOf({ latitude, longitude }).position).toEqual(position);
  });

  it.each([
    new Uint8Array(0),
    new Uint8Array([0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff, 0x45, 0x78, 0x69, 0x66]),
    new Uint8Array(5_000).fill(0xff),
  ])('of a file that has none, or a broken one, is nothing', async (file) => {
    expect(await readPlaceProof(file)).toEqual({ position: null, takenAt: null });
  });
});
