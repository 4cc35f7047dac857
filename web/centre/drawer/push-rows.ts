/** The push evidence as rows: per unit its devices, offsets in seconds, and what is still waited for. Pure. */
import type { Push } from '../../../src/ws/push-item.ts';

export type PushTone = 'answered' | 'stopped' | 'waiting' | 'silent' | 'nobody';
export interface PushRow {
  readonly push: Push;
  /** Seconds after sending; null for what has not happened. */
  readonly delivered: number | null;
  readonly shown: number | null;
  /** Seconds from asking to the unit's answer. */
  readonly acknowledged: number | null;
  readonly tone: PushTone;
}
export interface PushGroup {
  readonly unit: string;
  readonly rows: readonly PushRow[];
}

/** A page that runs answers within a second or two: after this a missing receipt is said to be missing. */
export const SILENT_AFTER_MS = 10_000;

const seconds = (from: string | null, to: string | null) => (from && to ? (Date.parse(to) - Date.parse(from)) / 1_000 : null);

function toneOf(push: Push, first: boolean, now: number): PushTone {
  // Acknowledged on one device: the others fell silent. Which one pressed is not recorded, so the first that showed it stands for the unit.
  if (push.acknowledgedAt) return first ? 'answered' : 'stopped';
  if (!push.sentAt) return 'nobody';
  return !push.deliveredAt && now - Date.parse(push.sentAt) > SILENT_AFTER_MS ? 'silent' : 'waiting';
}

export function groupPushes(pushes: readonly Push[], now: number): PushGroup[] {
  const units = new Map<string, Push[]>();
  for (const push of pushes) if (push.kind === 'ring') units.set(push.unit!, [...(units.get(push.unit!) ?? []), push]);
  return [...units].map(([unit, all]) => {
    const firstOf = new Map<string, Push>();
    for (const push of all) {
      const asked = `${push.assignment} ${push.queuedAt}`;
      const known = firstOf.get(asked);
      if (!known || (push.shownAt && (!known.shownAt || push.shownAt < known.shownAt))) firstOf.set(asked, push);
    }
    return {
      unit,
      rows: all.map((push) => ({
        push,
        delivered: seconds(push.sentAt, push.deliveredAt),
        shown: seconds(push.sentAt, push.shownAt),
        acknowledged: seconds(push.queuedAt, push.acknowledgedAt),
        tone: toneOf(push, firstOf.get(`${push.assignment} ${push.queuedAt}`) === push, now),
      })),
    };
  });
}

/** Units that were asked last without any device having received it: somebody should call them. */
export function silentUnits(groups: readonly PushGroup[]): string[] {
  return groups.filter((g) => g.rows.length > 0 && g.rows.every((r) => r.tone === 'silent' || r.tone === 'nobody')).map((g) => g.unit);
}

export function countDevices(pushes: readonly Push[]): number {
  return new Set(pushes.flatMap((p) => (p.device ? [`${p.account} ${p.device}`] : []))).size;
}
