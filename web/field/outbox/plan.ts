/**
 * What waits to be sent, and in which order. Pure: the store keeps it, the sender does it.
 * A report goes out once: its key is made with the draft and stays, whatever happens on the way.
 */
import type { Locale, Position } from '../../shared/types.ts';

export interface DraftPhoto {
  /** Ours; the blob lies under it in the store of photos. */
  readonly id: string;
  readonly kind: 'found' | 'after';
  /** At the service, once it has arrived there. */
  readonly sentId?: string;
}

export interface DraftVoice {
  /** Ours; the sound lies under it in the store of voices. */
  readonly id: string;
  readonly sentId?: string;
}

export interface Draft {
  /** UUIDv7: Idempotency-Key of the report. */
  readonly key: string;
  /** Who wrote it. Another person on the same phone does not send it. */
  readonly account: string;
  /** `draft`: still being written; `queued`: goes out when it can; `refused`: the service said why not, to be mended. */
  readonly stage: 'draft' | 'queued' | 'refused';
  readonly category: string | null;
  /** Name of the category when it was chosen, for the list. */
  readonly title: { readonly zh: string; readonly en: string } | null;
  readonly level: 'R1' | 'R2' | 'R3' | 'R4' | null;
  readonly description: string;
  readonly position: Position | null;
  /** Where the device was, with its accuracy, when the place was then moved by hand. */
  readonly measured: Position | null;
  readonly foundAt: string;
  /** When it was put into the queue: the order of sending. */
  readonly queuedAt: string | null;
  readonly photos: readonly DraftPhoto[];
  readonly voices: readonly DraftVoice[];
  /** 即查即改: settled on the spot, so a second command follows the report, under a key of its own. */
  readonly settle: { readonly key: string; readonly note: string } | null;
  /** The incident, once the report was taken and only the settling is left. */
  readonly incident: string | null;
  readonly problem: { readonly code: string; readonly words: Readonly<Record<Locale, string>> } | null;
}

export type SendStep =
  | { readonly do: 'photo'; readonly photo: DraftPhoto }
  | { readonly do: 'voice'; readonly voice: DraftVoice }
  | { readonly do: 'report'; readonly key: string; readonly body: ReportBody }
  | { readonly do: 'settle'; readonly key: string; readonly incident: string; readonly body: SettleBody }
  | { readonly do: 'done' };

export interface ReportBody {
  readonly category: string;
  readonly description: string;
  readonly position: Position;
  /** Where the phone was, when the place was set by hand. */
  readonly measured?: Position;
  readonly foundAt: string;
  readonly photos: readonly string[];
  readonly voices?: readonly string[];
}
export interface SettleBody {
  readonly verb: 'settleOnSpot';
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly note?: string;
}

export function emptyDraft(key: string, account: string, now: Date): Draft {
  return {
    key,
    account,
    stage: 'draft',
    category: null,
    title: null,
    level: null,
    description: '',
    position: null,
    measured: null,
    foundAt: now.toISOString(),
    queuedAt: null,
    photos: [],
    voices: [],
    settle: null,
    incident: null,
    problem: null,
  };
}

/** A draft as it was kept, with what drafts of an earlier build do not have. */
export function draftFromKept(kept: Omit<Draft, 'voices' | 'measured'> & Partial<Draft>): Draft {
  return { measured: null, voices: [], ...kept };
}

/**
 * What this page knows of the outbox, with what another page of the same person has done to it since: the app on the home screen and a tab share one store.
 *
 * @param stored  what lies in the store now.
 * @param wasStored  keys that this page has written there or read from there: one that is gone was sent, or dropped, by the other page.
 */
export function withStored(mine: readonly Draft[], stored: readonly Draft[], wasStored: ReadonlySet<string>): Draft[] {
  const there = new Map(stored.map((draft) => [draft.key, draft]));
  const known = new Set(mine.map((draft) => draft.key));
  const kept = mine.flatMap((draft) => {
    const other = there.get(draft.key);
    // What could not be stored is here alone.
    if (!wasStored.has(draft.key)) return [draft];
    return other === undefined ? [] : [isFurther(other, draft) ? other : draft];
  });
  return [...kept, ...stored.filter((draft) => !known.has(draft.key))];
}
/** What is being written is newest where it is written; what waits or was refused, in the store. */
const isFurther = (stored: Draft, mine: Draft) => stored.stage === 'queued' || (stored.stage === 'refused' && mine.stage !== 'refused');

/** Worth keeping: opening the page and leaving again is not a draft. */
export function hasContent(draft: Draft): boolean {
  return draft.photos.length > 0 || draft.voices.length > 0 || draft.description.trim() !== '';
}

/** What still has to be filled in before it may be queued. */
export function missing(draft: Draft): 'category' | 'position' | 'before' | 'after' | null {
  if (draft.category === null) return 'category';
  if (draft.position === null) return 'position';
  if (draft.settle !== null && !draft.photos.some((p) => p.kind === 'found')) return 'before';
  if (draft.settle !== null && !draft.photos.some((p) => p.kind === 'after')) return 'after';
  return null;
}

/** Queued ones of this account, oldest first. */
export function sendingOrder(drafts: readonly Draft[], account: string): Draft[] {
  return drafts
    .filter((d) => d.stage === 'queued' && d.account === account)
    .sort((a, b) => (a.queuedAt! < b.queuedAt! ? -1 : a.queuedAt! > b.queuedAt! ? 1 : a.key < b.key ? -1 : 1));
}

const sentIds = (draft: Draft, kind: DraftPhoto['kind']) => draft.photos.filter((p) => p.kind === kind).map((p) => p.sentId!);

/** The one next thing to send of a complete draft. Photos and voice notes first, because the report names them. */
export function nextStep(draft: Draft): SendStep {
  const unsent = draft.photos.find((p) => p.sentId === undefined);
  if (unsent) return { do: 'photo', photo: unsent };
  const unheard = draft.voices.find((v) => v.sentId === undefined);
  if (unheard) return { do: 'voice', voice: unheard };
  if (draft.incident === null) {
    const { key, category, description, position, measured, foundAt } = draft;
    const voices = draft.voices.map((v) => v.sentId!);
    const body = {
      category: category!,
      description,
      position: position!,
      ...(measured?.accuracyM === undefined || position!.accuracyM !== undefined ? {} : { measured }),
      foundAt,
      photos: sentIds(draft, 'found'),
      ...(voices.length === 0 ? {} : { voices }),
    };
    return { do: 'report', key, body };
  }
  if (draft.settle !== null) {
    const note = draft.settle.note.trim();
    const body = {
      verb: 'settleOnSpot',
      before: sentIds(draft, 'found'),
      after: sentIds(draft, 'after'),
      ...(note ? { note } : {}),
    } as const;
    return { do: 'settle', key: draft.settle.key, incident: draft.incident, body };
  }
  return { do: 'done' };
}

interface Trouble {
  readonly code: string;
  readonly status: number;
  readonly passing: boolean;
  readonly whatToDo: Readonly<Record<Locale, string>>;
}

/**
 * What becomes of a draft that met trouble. `wait`: the whole queue stops, because the next one would meet the same. `next`: this one is
 * set aside with its reason and the others go on. `again`: something can be mended here at once.
 */
export function afterTrouble(draft: Draft, step: SendStep['do'], trouble: Trouble): { draft: Draft; then: 'wait' | 'next' | 'again' } {
  if (trouble.passing || trouble.status === 401) return { draft, then: 'wait' };
  // The service has forgotten what was never claimed: it is still here, so it goes out again, once.
  if ((trouble.code === 'unknown-photo' || trouble.code === 'unknown-voice') && draft.problem?.code !== trouble.code) {
    const photos = draft.photos.map(({ id, kind }) => ({ id, kind }));
    const voices = draft.voices.map(({ id }) => ({ id }));
    return { draft: { ...draft, photos, voices, problem: { code: trouble.code, words: trouble.whatToDo } }, then: 'again' };
  }
  // Taken as a report, but no longer to be settled here: the chain goes on without us, nothing is lost.
  if (step === 'settle' && (trouble.code === 'no-such-move' || trouble.code === 'not-for-this-category')) {
    return { draft: { ...draft, settle: null }, then: 'again' };
  }
  return { draft: { ...draft, stage: 'refused', problem: { code: trouble.code, words: trouble.whatToDo } }, then: 'next' };
}

/** How many of its photos, or of its voice notes, have arrived. */
export function sentPart(draft: Draft, of: 'photos' | 'voices' = 'photos'): { readonly sent: number; readonly all: number } {
  return { sent: draft[of].filter((file) => file.sentId !== undefined).length, all: draft[of].length };
}
