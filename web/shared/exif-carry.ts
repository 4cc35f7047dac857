/**
 * Carries the camera's EXIF block from one JPEG to another. Drawing a photo smaller drops it, and with it the position and time that
 * the service's place proof reads. Pure.
 */

const SOI = 0xd8;
const APP1 = 0xe1;
const SOS = 0xda;
const EXIF = [0x45, 0x78, 0x69, 0x66, 0, 0];
const ORIENTATION = 0x0112;

/** The APP1 segment with EXIF, marker included; null when there is none. */
function exifSegment(jpeg: Uint8Array): Uint8Array | null {
  if (jpeg[0] !== 0xff || jpeg[1] !== SOI) return null;
  let at = 2;
  while (at + 4 <= jpeg.length && jpeg[at] === 0xff && jpeg[at + 1] !== SOS) {
    const end = at + 2 + ((jpeg[at + 2]! << 8) | jpeg[at + 3]!);
    if (end > jpeg.length) return null;
    if (jpeg[at + 1] === APP1 && EXIF.every((byte, i) => jpeg[at + 4 + i] === byte)) return jpeg.slice(at, end);
    at = end;
  }
  return null;
}

/** The small picture is already upright: its orientation has to say so, or it would be turned twice. */
function setUpright(segment: Uint8Array): void {
  const tiff = 10;
  const view = new DataView(segment.buffer, segment.byteOffset, segment.byteLength);
  if (segment.length < tiff + 8) return;
  const little = view.getUint16(tiff) === 0x4949;
  const table = tiff + view.getUint32(tiff + 4, little);
  if (table + 2 > segment.length) return;
  const count = view.getUint16(table, little);
  for (let i = 0; i < count; i++) {
    const entry = table + 2 + 12 * i;
    if (entry + 12 > segment.length) return;
    if (view.getUint16(entry, little) === ORIENTATION) view.setUint16(entry + 8, 1, little);
  }
}

/** @returns `to` with the EXIF block of `from` as its first segment; `to` itself when `from` has none or is no JPEG. */
export function carryExif(from: Uint8Array<ArrayBuffer>, to: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const segment = exifSegment(from);
  if (segment === null || to[0] !== 0xff || to[1] !== SOI) return to;
  setUpright(segment);
  const joined = new Uint8Array(to.length + segment.length);
  joined.set(to.subarray(0, 2), 0);
  joined.set(segment, 2);
  joined.set(to.subarray(2), 2 + segment.length);
  return joined;
}
