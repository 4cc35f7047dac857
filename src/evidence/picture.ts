/** A file from outside becomes a picture of ours: read with limits, turned upright, made smaller, and written anew without its metadata. */
import sharp from 'sharp';

/** Long side in pixels: a number plate across the street can still be read. */
export const PHOTO_SIDE = 2048;
export const THUMB_SIDE = 320;
/** More pixels are a bomb and no phone's picture: 64 million are 190 MB unpacked. */
const MAX_PIXELS = 64_000_000;

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** JPEG, sRGB, no metadata. */
  readonly image: Buffer;
  readonly thumb: Buffer;
}

// A photo is worked on once: libvips's cache of operations would only hold memory. One thread each, as two are worked on at a time.
sharp.cache(false);
sharp.concurrency(1);

/** By the first bytes: the declared type is the sender's word. SVG and PDF are not among them, they can fetch and run things. */
export function isPictureFile(file: Uint8Array): boolean {
  const ascii = (from: number, to: number) => String.fromCharCode(...file.subarray(from, to));
  if (file[0] === 0xff && file[1] === 0xd8 && file[2] === 0xff) return true;
  if (ascii(0, 8) === '\x89PNG\r\n\x1a\n') return true;
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return true;
  return ascii(4, 8) === 'ftyp' && /^(avif|avis|mif1|heic|heix)$/.test(ascii(8, 12));
}

/** @returns null when the file cannot be read whole, or has too many pixels. */
export async function readPicture(file: Uint8Array): Promise<Picture | null> {
  try {
    // Metadata stays behind because nothing asks sharp to keep it; `autoOrient` turns the pixels first, as EXIF said.
    const { data: image, info } = await sharp(file, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
      .autoOrient()
      .resize({ width: PHOTO_SIDE, height: PHOTO_SIDE, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .jpeg({ quality: 82, mozjpeg: false })
      .toBuffer({ resolveWithObject: true });
    const thumb = await sharp(image)
      .resize({ width: THUMB_SIDE, height: THUMB_SIDE, fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality: 75 })
      .toBuffer();
    return { width: info.width, height: info.height, image, thumb };
  } catch {
    // libvips says no more than that it cannot: truncated, over the limit, or another file behind a picture's first bytes.
    return null;
  }
}
