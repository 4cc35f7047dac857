/** The outbox on the phone: drafts, photos and voice notes in IndexedDB, sent in order when there is a network. What is decided is in `plan.ts`. */
import { computed, ref, type Ref } from 'vue';
import { api, asProblem, newKey } from '../../shared/api.ts';
import { kept, type KeptVoice } from '../../shared/kept.ts';
import { sendPhoto } from '../../shared/photos.ts';
import { serverNow } from '../../shared/server-time.ts';
import type { WireIncident } from '../../shared/types.ts';
import { sendVoice } from '../../shared/voice/voices.ts';
import { bytesOf, dropFile, dropFilesOf, filesOf, getFile, notDurable, putFile } from './files.ts';
import { afterTrouble, draftFromKept, emptyDraft, hasContent, nextStep, sendingOrder, withStored, type Draft } from './plan.ts';

export const drafts: Ref<readonly Draft[]> = ref([]);
/** Bytes of the photos and voice notes of all that waits. */
export const waitingBytes = ref(0);
/** What goes out now: which draft, and how far its present photo or voice note is. */
export const sending: Ref<{ readonly key: string; readonly part: number } | null> = ref(null);
/** When it is tried again after trouble; null when nothing waits for a time. */
export const nextTryAt: Ref<Date | null> = ref(null);
/** The report that was last put into the queue by this person, until they have read what became of it. */
export const justSent: Ref<{ readonly key: string; /** Once the service has it. */ readonly incident: string | null } | null> = ref(null);
export const online = ref(typeof navigator === 'undefined' ? true : navigator.onLine);

let account = '';
let onTaken: (incident: WireIncident) => void = () => undefined;
let retry: ReturnType<typeof setTimeout> | undefined;
let failures = 0;
let busy = false;
let again = false;

const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 5 * 60_000;

export const waiting = computed(() => drafts.value.filter((d) => d.account === account && (d.stage !== 'draft' || hasContent(d))));

/** Opens the outbox of one person. `taken` hears of each report that the service has. */
export async function openOutbox(who: string, taken: (incident: WireIncident) => void): Promise<void> {
  account = who;
  onTaken = taken;
  if (!(await readStore())) notDurable();
  // Else a phone that is short of room may take away what was not sent yet.
  void navigator.storage?.persist?.();
  await dropEmpty();
  await weigh();
  addEventListener('online', () => {
    online.value = true;
    failures = 0;
    void flush();
  });
  addEventListener('offline', () => (online.value = false));
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && void flush());
  void flush();
}

/** Keys of drafts that this page has written to the store or read from it. */
const stored = new Set<string>();
/** Takes over what another page of this person has done. @returns false where there is no store. */
async function readStore(): Promise<boolean> {
  try {
    const all = (await (await kept()).getAll('outbox')) as unknown as Draft[];
    const own = all.filter((d) => d.account === account).map(draftFromKept);
    drafts.value = withStored(drafts.value, own, stored);
    for (const { key } of own) if (draftOf(key)) stored.add(key);
    return true;
  } catch {
    return false;
  }
}

async function dropEmpty(): Promise<void> {
  for (const draft of drafts.value) if (draft.stage === 'draft' && !hasContent(draft)) await removeDraft(draft.key);
}

async function weigh(): Promise<void> {
  waitingBytes.value = await bytesOf(waiting.value.map((d) => d.key));
}

/** Keys that were made here and have nothing under them yet. */
const fresh = new Set<string>();
/** A key for a report that is about to be written: its page is addressed by it, so a reload comes back to what was written. */
export function freshKey(): string {
  const key = newKey();
  fresh.add(key);
  return key;
}
/** Whether a report can be written under the key: its draft is here and not on its way, or there is nothing under it yet. */
export function writable(key: string): boolean {
  const draft = draftOf(key);
  return draft ? draft.stage !== 'queued' : fresh.has(key);
}
export const openDraft = (key: string): Draft => draftOf(key) ?? emptyDraft(key, account, serverNow());
/** Begun and left, newest first. */
export const unfinished = computed(() => waiting.value.filter((d) => d.stage === 'draft').reverse());
export const draftOf = (key: string) => drafts.value.find((d) => d.key === key);

export async function saveDraft(draft: Draft): Promise<void> {
  drafts.value = drafts.value.some((d) => d.key === draft.key)
    ? drafts.value.map((d) => (d.key === draft.key ? draft : d))
    : [...drafts.value, draft];
  if (!(await store(draft))) await readStore();
}

/** @returns false when another page has sent or dropped it, or put it into the queue, while it was written here: then it is not begun anew. */
async function store(draft: Draft): Promise<boolean> {
  try {
    const writing = (await kept()).transaction('outbox', 'readwrite');
    const there = (await writing.store.get(draft.key)) as Draft | undefined;
    const overtaken = there ? there.stage === 'queued' && draft.stage === 'draft' : stored.has(draft.key);
    if (!overtaken) await writing.store.put(JSON.parse(JSON.stringify(draft)) as Draft & Record<string, unknown>);
    await writing.done;
    stored.add(draft.key);
    return !overtaken;
  } catch {
    stored.delete(draft.key);
    notDurable();
    return true;
  }
}

export async function removeDraft(key: string): Promise<void> {
  fresh.delete(key);
  await dropFilesOf(key);
  await kept()
    .then((db) => db.delete('outbox', key))
    .catch(() => undefined);
  drafts.value = drafts.value.filter((d) => d.key !== key);
  await weigh();
}

export async function keepPhoto(draft: string, photo: { id: string; blob: Blob; takenAt: string }): Promise<void> {
  await putFile('photos', { id: photo.id, draft, blob: photo.blob, takenAt: photo.takenAt });
  await weigh();
}
export async function dropPhoto(id: string): Promise<void> {
  await dropFile('photos', id);
  await weigh();
}
export const photosOf = (draft: string) => filesOf('photos', draft);

export async function keepVoice(voice: KeptVoice): Promise<void> {
  await putFile('voices', voice);
  await weigh();
}
export async function dropVoice(id: string): Promise<void> {
  await dropFile('voices', id);
  await weigh();
}
export const voicesOf = (draft: string) => filesOf('voices', draft);

/** Puts a complete draft into the queue and tries at once. */
export async function queueDraft(draft: Draft): Promise<void> {
  justSent.value = { key: draft.key, incident: draft.incident };
  await saveDraft({ ...draft, stage: 'queued', queuedAt: draft.queuedAt ?? serverNow().toISOString(), problem: null });
  await weigh();
  void flush();
}

/** Sends what waits, one after the other, until the queue is empty or trouble stops it. Another tab that is at it goes first. */
export async function flush(): Promise<void> {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  clearTimeout(retry);
  nextTryAt.value = null;
  try {
    do {
      again = false;
      if (navigator.locks) await navigator.locks.request(`outbox ${account}`, sendAll);
      else await sendAll();
    } while (again);
  } finally {
    busy = false;
    sending.value = null;
  }
}

async function sendAll(): Promise<void> {
  for (;;) {
    // Whoever held the lock before may have sent what is still on the list here.
    await readStore();
    const next = sendingOrder(drafts.value, account)[0];
    if (!next) return;
    if ((await sendOne(next)) === 'wait') return;
  }
}

async function sendOne(first: Draft): Promise<'next' | 'wait'> {
  let draft = first;
  for (;;) {
    const step = nextStep(draft);
    if (step.do === 'done') {
      failures = 0;
      await removeDraft(draft.key);
      return 'next';
    }
    try {
      draft = await take(draft, step);
      await saveDraft(draft);
    } catch (thrown) {
      const outcome = afterTrouble(draft, step.do, asProblem(thrown));
      draft = outcome.draft;
      await saveDraft(draft);
      if (outcome.then === 'wait') tryLater();
      if (outcome.then !== 'again') return outcome.then;
    }
  }
}

async function take(draft: Draft, step: Exclude<ReturnType<typeof nextStep>, { do: 'done' }>): Promise<Draft> {
  sending.value = { key: draft.key, part: 0 };
  switch (step.do) {
    case 'photo': {
      const photo = await getFile('photos', step.photo.id);
      // The phone ran out of room and dropped it: the report goes without it rather than not at all.
      if (!photo) return { ...draft, photos: draft.photos.filter((p) => p.id !== step.photo.id) };
      const sentId = await sendPhoto(photo, (part) => (sending.value = { key: draft.key, part }));
      return { ...draft, photos: draft.photos.map((p) => (p.id === step.photo.id ? { ...p, sentId } : p)) };
    }
    case 'voice': {
      const voice = await getFile('voices', step.voice.id);
      if (!voice) return { ...draft, voices: draft.voices.filter((v) => v.id !== step.voice.id) };
      const sentId = await sendVoice(voice, (part) => (sending.value = { key: draft.key, part }));
      return { ...draft, voices: draft.voices.map((v) => (v.id === step.voice.id ? { ...v, sentId } : v)) };
    }
    case 'report': {
      const incident = await api.post<WireIncident>('/incidents', step.body, { key: step.key, patient: false });
      onTaken(incident);
      if (justSent.value?.key === draft.key) justSent.value = { key: draft.key, incident: incident.id };
      return { ...draft, incident: incident.id };
    }
    case 'settle': {
      const { incident } = await api.post<{ incident: WireIncident }>(`/incidents/${step.incident}/moves`, step.body, {
        key: step.key,
        patient: false,
      });
      onTaken(incident);
      return { ...draft, settle: null };
    }
  }
}

/** Doubles up to five minutes; a network that comes back does not wait for it. */
function tryLater(): void {
  const afterMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures++);
  nextTryAt.value = new Date(serverNow().getTime() + afterMs);
  retry = setTimeout(() => void flush(), afterMs);
}
