/** The push evidence as rows: per place what it was asked or told, per device how far that came, and where nobody has it. Pure. */
import type { Push } from '../../../src/ws/push-item.ts';

/**
 * `answered`: here, or first here; `stopped`: it rang here and no longer does; `silent`: sent, and no receipt; `nobody`: no device was connected; `failed`: the push
 * service did not take it.
 */
export type PushTone = 'answered' | 'stopped' | 'waiting' | 'silent' | 'nobody' | 'failed';
export interface PushRow {
  readonly push: Push;
  /** Seconds after the move that asks or tells; null for what has not happened. */
  readonly sent: number | null;
  readonly delivered: number | null;
  readonly shown: number | null;
  readonly acknowledged: number | null;
  readonly tone: PushTone;
}
/** One ring of an assignment or one notice, on all devices of the place. */
export interface PushAsk {
  readonly key: string;
  readonly first: Push;
  readonly rows: readonly PushRow[];
  /** Nobody has answered, it has not stopped, and no device says that it has it. */
  readonly unheard: 'nobody' | 'silent' | null;
}
export interface PushGroup {
  /** `unit:<code>`, `community:<code>`, `leader:<community>`, `district` … */
  readonly recipient: string;
  readonly asks: readonly PushAsk[];
}

/** A page that runs answers within a second or two: after this a missing receipt is said to be missing. */
export const SILENT_AFTER_MS = 10_000;

const MISSING: ReadonlySet<PushTone> = new Set(['nobody', 'silent', 'failed']);
const seconds = (from: string, to: string | null) => (to ? (Date.parse(to) - Date.parse(from)) / 1_000 : null);
const keyOf = (push: Push) => `${push.kind} ${push.seq} ${push.assignment ?? push.recipient}`;

function toneOf(push: Push, answeredHere: boolean, now: number): PushTone {
  if (push.acknowledgedAt && answeredHere) return 'answered';
  if (push.acknowledgedAt || push.stoppedBy) return 'stopped';
  if (!push.sentAt) return push.channel === 'webpush' ? 'failed' : 'nobody';
  return !push.deliveredAt && now - Date.parse(push.sentAt) > SILENT_AFTER_MS ? 'silent' : 'waiting';
}

function askOf(key: string, pushes: readonly Push[], now: number): PushAsk {
  // Which device a unit pressed on is not recorded: the first that showed it stands for it. Of a notice it is.
  const shownFirst = [...pushes].sort((a, b) => (a.shownAt ?? '9').localeCompare(b.shownAt ?? '9'))[0]!;
  const rows = pushes.map((push): PushRow => ({
    push,
    sent: seconds(push.queuedAt, push.sentAt),
    delivered: seconds(push.queuedAt, push.deliveredAt),
    shown: seconds(push.queuedAt, push.shownAt),
    acknowledged: seconds(push.queuedAt, push.acknowledgedAt),
    tone: toneOf(push, push.acknowledgedHere ?? push === shownFirst, now),
  }));
  const missing = rows.every((r) => MISSING.has(r.tone));
  return { key, first: pushes[0]!, rows, unheard: !missing ? null : rows.some((r) => r.tone === 'silent') ? 'silent' : 'nobody' };
}

/** In the order in which the places were first asked or told. */
export function groupPushes(pushes: readonly Push[], now: number): PushGroup[] {
  const places = new Map<string, Map<string, Push[]>>();
  for (const push of pushes) {
    const asks = places.get(push.recipient) ?? new Map<string, Push[]>();
    places.set(push.recipient, asks);
    asks.set(keyOf(push), [...(asks.get(keyOf(push)) ?? []), push]);
  }
  return [...places].map(([recipient, asks]) => ({ recipient, asks: [...asks].map(([key, all]) => askOf(key, all, now)) }));
}

/** Places whose last push nobody has, by why: somebody should call them. */
export function unheardPlaces(groups: readonly PushGroup[]): { readonly nobody: readonly string[]; readonly silent: readonly string[] } {
  const of = (why: 'nobody' | 'silent') => groups.filter((g) => g.asks.at(-1)?.unheard === why).map((g) => g.recipient);
  return { nobody: of('nobody'), silent: of('silent') };
}

export function countDevices(pushes: readonly Push[]): number {
  return new Set(pushes.flatMap((p) => p.deviceNumber ?? [])).size;
}
