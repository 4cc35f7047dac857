/** Where and when a photo says that it was taken: read from its EXIF before that is removed. Pure but for the parser. */
import exifr from 'exifr';

export interface PlaceProof {
  /** WGS-84, as GPS gives it; null when the file says none or an impossible one. */
  readonly position: { readonly lng: number; readonly lat: number } | null;
  /** When the shutter went. */
  readonly takenAt: Date | null;
}

/** The tags as they stand in the file, unrevived: `2026:11:22 08:15:00`, and degrees already made decimal. */
export interface ExifTags {
  readonly latitude?: unknown;
  readonly longitude?: unknown;
  readonly DateTimeOriginal?: unknown;
  readonly OffsetTimeOriginal?: unknown;
}

const NOTHING: PlaceProof = { position: null, takenAt: null };
const DATE = /^(\d{4}):(\d{2}):(\d{2}) (\d{2}):(\d{2}):(\d{2})/;
const OFFSET = /^[+-]\d{2}:\d{2}$/;
/** Older cameras write no offset: then their clock is taken to show the district's time. */
const DISTRICT_OFFSET = '+08:00';

/** Never throws: a file with broken EXIF proves nothing, and is still a photo. */
export async function readPlaceProof(file: Uint8Array): Promise<PlaceProof> {
  try {
    const tags: unknown = await exifr.parse(file, {
      tiff: true,
      exif: true,
      gps: true,
      reviveValues: false,
      pick: ['DateTimeOriginal', 'OffsetTimeOriginal', 'GPSLatitude', 'GPSLatitudeRef', 'GPSLongitude', 'GPSLongitudeRef'],
    });
    return tags === undefined || tags === null ? NOTHING : placeProofOf(tags);
  } catch {
    return NOTHING;
  }
}

export function placeProofOf(tags: ExifTags): PlaceProof {
  return { position: positionOf(tags), takenAt: takenAtOf(tags) };
}

function positionOf({ latitude: lat, longitude: lng }: ExifTags): PlaceProof['position'] {
  if (typeof lat !== 'number' || typeof lng !== 'number') return null;
  // NaN from a rational over zero passes neither comparison.
  if (!(Math.abs(lat) <= 90 && Math.abs(lng) <= 180)) return null;
  // What a receiver without a fix writes; no place of ours lies there.
  return lat === 0 && lng === 0 ? null : { lng, lat };
}

function takenAtOf({ DateTimeOriginal: text, OffsetTimeOriginal: offset }: ExifTags): Date | null {
  const parts = typeof text === 'string' ? DATE.exec(text) : null;
  if (!parts) return null;
  const [, year, month, day, hour, minute, second] = parts;
  const zone = typeof offset === 'string' && OFFSET.test(offset) ? offset : DISTRICT_OFFSET;
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`);
  return Number.isNaN(at.getTime()) ? null : at;
}
