/** Photos on the device: made small enough for a bad network, with what the place proof needs left in. */
import type { Ref } from 'vue';
import { api, newKey } from './api.ts';
import { carryExif } from './exif-carry.ts';

/** Longest side, px: the service keeps no more. */
const LONGEST_SIDE_PX = 2048;
const JPEG_QUALITY = 0.85;
/** A photo up to this size goes as it is, bytes. */
const SMALL_ENOUGH = 600_000;

export interface LocalPhoto {
  /** Ours, before the service has named it. */
  readonly id: string;
  readonly blob: Blob;
  /** Object URL for the preview; revoked by whoever drops the photo. */
  readonly url: string;
  readonly takenAt: string;
  /** Id at the service once it has arrived there. */
  sentId?: string;
  /** 0–1 while it goes out. */
  part?: number;
  failed?: boolean;
}

export function localPhoto(blob: Blob, takenAt: Date, id = newKey()): LocalPhoto {
  return { id, blob, url: URL.createObjectURL(blob), takenAt: takenAt.toISOString() };
}

/**
 * Shrinks a photo to what the service keeps anyway; position and time that the camera wrote are carried over.
 * What the browser cannot draw (HEIC on some) goes as it is: the service says whether it can read it.
 */
export async function shrink(file: Blob): Promise<Blob> {
  if (file.size <= SMALL_ENOUGH) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(picture.width, picture.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const small = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', JPEG_QUALITY));
    if (!small || small.size >= file.size) return file;
    const bytes = carryExif(new Uint8Array(await file.arrayBuffer()), new Uint8Array(await small.arrayBuffer()));
    return new Blob([bytes], { type: 'image/jpeg' });
  } catch {
    return file;
  }
}

/**
 * Sends one photo and returns its id at the service. Its own id is the key, so a photo whose answer was lost is not kept twice.
 *
 * @throws ApiProblem
 */
export async function sendPhoto(photo: Pick<LocalPhoto, 'id' | 'blob' | 'takenAt'>, onProgress?: (part: number) => void): Promise<string> {
  const form = new FormData();
  form.append('file', photo.blob, 'photo.jpg');
  form.append('takenAt', photo.takenAt);
  const answer = await api.upload<{ id: string }>('/photos', form, { key: photo.id, onProgress });
  return answer.id;
}

/** A strip that is taken down no longer hears how its sending ends: what was on its way is offered to be sent again. */
export function interrupted(photos: Ref<LocalPhoto[]>): void {
  photos.value = photos.value.map((p) => (p.part === undefined ? p : { ...p, part: undefined, failed: true }));
}

/** Address of a photo that the service holds; `thumb` is at most 320 px. */
export const photoUrl = (id: string, size: 'full' | 'thumb' = 'full') => `/api/v1/photos/${id}${size === 'thumb' ? '?size=thumb' : ''}`;
