/** The draft that is being written: its words, photos and voice notes, kept on the phone as they change. */
import { onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue';
import { newKey } from '../../shared/api.ts';
import { localPhoto, type LocalPhoto } from '../../shared/photos.ts';
import { keepBeforeSignIn } from '../../shared/session.ts';
import { holdPage } from '../../shared/shell/held.ts';
import type { LocalVoice } from '../../shared/voice/voices.ts';
import {
  dropPhoto,
  dropVoice,
  keepPhoto,
  keepVoice,
  openDraft,
  photosOf,
  queueDraft,
  removeDraft,
  saveDraft,
  voicesOf,
} from '../outbox/outbox.ts';
import { hasContent, type Draft, type DraftPhoto } from '../outbox/plan.ts';

/** So long nothing changes before it is written down. */
const SAVE_AFTER_MS = 400;

export interface OpenDraft {
  readonly draft: Ref<Draft>;
  readonly found: Ref<LocalPhoto[]>;
  readonly after: Ref<LocalPhoto[]>;
  readonly voices: Ref<LocalVoice[]>;
  change(by: Partial<Draft>): void;
  keep(): Promise<void>;
  photoAdded(photo: LocalPhoto, kind: DraftPhoto['kind']): Promise<void>;
  /** Once every photo that was added is kept. */
  settled(): Promise<void>;
  photoRemoved(photo: LocalPhoto): Promise<void>;
  voiceAdded(blob: Blob, durationMs: number): Promise<void>;
  voiceRemoved(voice: LocalVoice): Promise<void>;
  toggleSettle(): void;
  /** Puts it into the queue; nothing is written to it any more. @returns false if it had gone already. */
  queue(by: Partial<Draft>): Promise<boolean>;
  remove(): Promise<void>;
}

/** @param placeOf  where it is, as far as it is known and not only presumed. */
export function useDraft(key: string, placeOf: () => Pick<Draft, 'position' | 'measured'>): OpenDraft {
  const draft = ref<Draft>(openDraft(key));
  const found = ref<LocalPhoto[]>([]);
  const after = ref<LocalPhoto[]>([]);
  const voices = ref<LocalVoice[]>([]);
  let gone = false;

  const change = (by: Partial<Draft>): void => void (draft.value = { ...draft.value, ...by });
  async function keep(): Promise<void> {
    if (!gone && hasContent(draft.value)) await saveDraft({ ...draft.value, ...placeOf() });
  }

  let adding: Promise<unknown> = Promise.resolve();
  async function addPhoto(photo: LocalPhoto, kind: DraftPhoto['kind']): Promise<void> {
    if (gone) return;
    // Into the store first: a draft that names a photo the phone does not have would send less than it shows.
    await keepPhoto(key, photo);
    if (gone) return dropPhoto(photo.id);
    const first = draft.value.photos.length === 0 && kind === 'found';
    change({ photos: [...draft.value.photos, { id: photo.id, kind }], ...(first ? { foundAt: photo.takenAt } : {}) });
    await keep();
  }

  onMounted(async () => {
    for (const photo of await photosOf(key)) {
      const kind = draft.value.photos.find((p) => p.id === photo.id)?.kind;
      if (kind) (kind === 'found' ? found : after).value.push(localPhoto(photo.blob, new Date(photo.takenAt), photo.id));
    }
    const named = new Set(draft.value.voices.map((v) => v.id));
    voices.value = (await voicesOf(key)).filter((v) => named.has(v.id));
  });
  let saving: ReturnType<typeof setTimeout> | undefined;
  watch([draft, () => placeOf().position], () => {
    clearTimeout(saving);
    saving = setTimeout(() => void keep(), SAVE_AFTER_MS);
  });
  const stopKeeping = keepBeforeSignIn(keep);
  // A page that is loaded anew under the thumb would be a fright, even with everything kept.
  holdPage(() => true, keep);
  onBeforeUnmount(() => {
    stopKeeping();
    clearTimeout(saving);
    void keep();
    for (const photo of [...found.value, ...after.value]) URL.revokeObjectURL(photo.url);
  });

  return {
    draft,
    found,
    after,
    voices,
    change,
    keep,
    photoAdded(photo, kind) {
      const added = addPhoto(photo, kind);
      adding = Promise.allSettled([adding, added]);
      return added;
    },
    settled: async () => void (await adding),
    async photoRemoved(photo) {
      change({ photos: draft.value.photos.filter((p) => p.id !== photo.id) });
      await dropPhoto(photo.id);
    },
    async voiceAdded(blob, durationMs) {
      // A recording ends after its page too: what was said belongs to the draft, unless that is gone.
      if (gone) return;
      const voice = { id: newKey(), blob, durationMs };
      await keepVoice({ ...voice, draft: key });
      voices.value = [...voices.value, voice];
      change({ voices: [...draft.value.voices, { id: voice.id }] });
      await keep();
    },
    async voiceRemoved(voice) {
      voices.value = voices.value.filter((v) => v.id !== voice.id);
      change({ voices: draft.value.voices.filter((v) => v.id !== voice.id) });
      await dropVoice(voice.id);
    },
    toggleSettle() {
      change({ settle: draft.value.settle ? null : { key: newKey(), note: '' } });
    },
    async queue(by) {
      if (gone) return false;
      gone = true;
      clearTimeout(saving);
      await queueDraft({ ...draft.value, ...placeOf(), ...by, problem: null });
      return true;
    },
    async remove() {
      gone = true;
      await removeDraft(key);
    },
  };
}
