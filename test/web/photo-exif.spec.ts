import exifr from 'exifr';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { carryExif } from '../../web/shared/exif-carry.ts';

const bytes = (buffer: Buffer) => Uint8Array.from(buffer);
const blank = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#889' } });

async function cameraPhoto(): Promise<Uint8Array<ArrayBuffer>> {
  const exif = {
    IFD0: { Make: 'Camera', Orientation: '6' },
    IFD2: { DateTimeOriginal: '2026:11:23 15:42:00' },
    IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '23/1 42/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '113/1 2/1 0/1' },
  };
  return bytes(await blank(80, 60).jpeg().withExif(exif).withMetadata({ orientation: 6, exif }).toBuffer());
}
const drawnSmaller = async () => bytes(await blank(30, 40).jpeg().toBuffer());

describe('the place proof survives making a photo smaller', () => {
  it('position and time are carried over, and the picture is not turned twice', async () => {
    const from = await cameraPhoto();
    expect((await exifr.parse(from, { translateValues: false })).Orientation).toBe(6);
    const joined = carryExif(from, await drawnSmaller());
    const read = await exifr.parse(joined, { gps: true, translateValues: false });
    expect(read.latitude).toBeCloseTo(23.7, 5);
    expect(read.longitude).toBeCloseTo(113 + 2 / 60, 5);
    expect(read.DateTimeOriginal).toBeInstanceOf(Date);
    expect(read.Orientation).toBe(1);
    expect(await sharp(joined).metadata()).toMatchObject({ width: 30, height: 40, format: 'jpeg' });
  });

  it('a photo without EXIF, or no JPEG at all, changes nothing', async () => {
    const small = await drawnSmaller();
    expect(carryExif(await drawnSmaller(), small)).toBe(small);
    expect(carryExif(bytes(await blank(4, 4).png().toBuffer()), small)).toBe(small);
    expect(carryExif(new Uint8Array([0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff]), small)).toBe(small);
  });
});
