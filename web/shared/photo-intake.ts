/** Photos between the camera and a strip: made small one after the other, because two large pictures at once are too much for a small phone. */
import { localPhoto, shrink, type LocalPhoto } from './photos.ts';

export interface Intake {
  take(photos: readonly LocalPhoto[]): void;
  /** Once all that was taken by then, or meanwhile, has arrived: whoever sends or closes a form waits for it, or the photo is lost. */
  settled(): Promise<void>;
}

/** @param arrived  called with each photo under the id that it was taken with. */
export function makeIntake(arrived: (photo: LocalPhoto) => void, makeSmall: (blob: Blob) => Promise<Blob> = shrink): Intake {
  let work: Promise<void> = Promise.resolve();
  async function bring(photo: LocalPhoto): Promise<void> {
    const blob = await makeSmall(photo.blob).catch(() => photo.blob);
    if (blob === photo.blob) return arrived(photo);
    arrived(localPhoto(blob, new Date(photo.takenAt), photo.id));
    // The picture as it was: nobody shows it any more.
    URL.revokeObjectURL(photo.url);
  }
  return {
    take(photos) {
      for (const photo of photos) work = work.then(() => bring(photo));
    },
    async settled() {
      for (let seen: Promise<void> | null = null; seen !== work;) {
        seen = work;
        await seen;
      }
    },
  };
}
