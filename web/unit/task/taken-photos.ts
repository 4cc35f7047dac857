/** Photos taken on this device for an incident and not yet part of it. Outlives going back to the list and coming again. */
import { type Ref, ref } from 'vue';
import type { LocalPhoto } from '../../shared/photos.ts';

export interface TakenPhotos {
  /** Go with 我已到场. */
  readonly before: Ref<LocalPhoto[]>;
  /** Attached as soon as they have arrived at the service. */
  readonly during: Ref<LocalPhoto[]>;
  /** Go with 处置完成. */
  readonly after: Ref<LocalPhoto[]>;
}

const taken = new Map<string, TakenPhotos>();
/** Changes when an incident is added: the map itself is read inside of what depends on it. */
const incidents = ref(0);

export function takenPhotos(incident: string): TakenPhotos {
  const known = taken.get(incident);
  if (known) return known;
  const fresh = { before: ref<LocalPhoto[]>([]), during: ref<LocalPhoto[]>([]), after: ref<LocalPhoto[]>([]) };
  taken.set(incident, fresh);
  incidents.value = taken.size;
  return fresh;
}

/** Whether a photo is here that no incident has yet: a page that is loaded anew would lose it. */
export function anyTaken(): boolean {
  return incidents.value > 0 && [...taken.values()].some((of) => Object.values(of).some(({ value }) => value.length > 0));
}

/** Takes those that arrived at the service out of the strip; the rest stays with its 再送. */
export function takeSent(photos: Ref<LocalPhoto[]>): string[] {
  const sent = photos.value.filter((p) => p.sentId !== undefined);
  photos.value = photos.value.filter((p) => p.sentId === undefined);
  for (const photo of sent) URL.revokeObjectURL(photo.url);
  return sent.map((p) => p.sentId!);
}
