/**
 * How well it is proved that a report was made where and when it says: a score with its reasons. Pure, and on the phone too, so that it can say
 * beforehand what would raise it. It refuses nothing: a low score is for the eyes of whoever decides.
 *
 * All weights are ours. What a phone gives without being asked (a good fix, a fresh photo) makes three quarters; the rest needs the
 * position that only some cameras write.
 */

export interface PhotoFacts {
  /** From the incident's position to where the photo says it was taken, metres; null when it does not say. */
  readonly distanceM: number | null;
  /** So long before the report (or the move that carried it) the photo was taken; negative: after. null when nothing says. */
  readonly ageMs: number | null;
  /** Whether the time is the camera's own, in the file, or only what the page said when it sent the photo. */
  readonly timeFrom: 'file' | 'page' | null;
  /** The camera's clock was at least so far ahead of the service's. */
  readonly clockAheadMs: number;
}

/** A place set by hand: how far from there the device was, and how sure that is, metres. */
export interface Moved {
  readonly distanceM: number;
  readonly accuracyM: number;
}

export interface ReportFacts {
  /** Of the reported position, metres; null when it was set by hand. */
  readonly accuracyM: number | null;
  /** Of one set by hand; null or absent when nobody knows where the device was. */
  readonly measured?: Moved | null;
  /** From the reported position to the border of its cell, metres; null when that is not known. */
  readonly borderM: number | null;
  /** Whether it is the reporter's own cell; null for reporters without one. */
  readonly ownCell: boolean | null;
  readonly photos: readonly PhotoFacts[];
}

interface Words {
  readonly zh: string;
  readonly en: string;
}

export interface ProofReason extends Words {
  readonly code: string;
  /** What it adds or takes. */
  readonly weight: number;
  /** What would raise the score. */
  readonly raise?: Words;
}

export interface PlaceScore {
  /** 0–100. */
  readonly score: number;
  readonly band: 'strong' | 'fair' | 'weak';
  readonly reasons: readonly ProofReason[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const REPORT_BASE = 35;
const PHOTO_BASE = 50;
/** Taken here: a phone's own error. From the far end on it was taken elsewhere, and further away proves no more. */
const HERE_M = 50;
const ELSEWHERE_M = 300;
const FAR_M = 1_000;
const FRESH_MS = 30 * MINUTE_MS;
/** What the error of a fix excuses at most, metres. */
const FORGIVEN_M = 100;
/** Clocks of phones and servers differ by less than this without anybody's doing. */
const CLOCK_TOLERANCE_MS = 5 * MINUTE_MS;

export function scoreReport({ accuracyM, measured, borderM, ownCell, photos }: ReportFacts): PlaceScore {
  const reasons = [positionReason(accuracyM, measured ?? null), ...cellReasons(accuracyM, borderM, ownCell)];
  if (photos.length === 0) {
    reasons.push({ code: 'no-photo', zh: '没有照片', en: 'No photo', weight: -20, raise: RAISE.photo });
  } else {
    // The best of them proves that somebody stood there; that another was taken elsewhere takes nothing from it.
    reasons.push(photoPlaceReason(least(photos.map((p) => p.distanceM)), { here: 20, far: -30 }));
    reasons.push(photoTimeReason(freshest(photos), { fresh: 15, old: -15 }));
    const here = photos.filter((p) => p.distanceM !== null && p.distanceM <= HERE_M).length;
    if (here > 1) reasons.push({ code: 'several-here', zh: `${here} 张都在现场拍的`, en: `${here} photos taken here`, weight: 5 });
    reasons.push(...clockReasons(photos));
  }
  return scored(REPORT_BASE, reasons);
}

/** One photo of a unit's work or of a check: taken where and when against the incident's place and the move that carried it. */
export function scorePhoto(photo: PhotoFacts): PlaceScore {
  return scored(PHOTO_BASE, [
    photoPlaceReason(photo.distanceM, { here: 30, far: -40 }),
    photoTimeReason(photo, { fresh: 20, old: -20 }),
    ...clockReasons([photo]),
  ]);
}

const RAISE = {
  fix: { zh: '到空旷处等几秒，定位会更准', en: 'Step into the open for some seconds: the position gets better' },
  stand: { zh: '站在现场、打开定位再报', en: 'Stand at the spot with the position switched on' },
  photo: { zh: '拍一张现场照片', en: 'Take a photo of it' },
  here: { zh: '到现场补拍一张', en: 'Take another photo at the spot' },
  now: { zh: '现在补拍一张', en: 'Take another photo now' },
  camera: { zh: '打开相机的“位置”，照片会带上地点', en: 'Switch on “location” in the camera: the photo then says where' },
  clock: { zh: '把手机时间设为自动', en: 'Let the phone set its time by itself' },
} as const satisfies Record<string, Words>;

function positionReason(accuracyM: number | null, measured: Moved | null): ProofReason {
  if (accuracyM === null && measured !== null) return byHandReason(measured);
  if (accuracyM === null) return { code: 'by-hand', zh: '位置是手动放的', en: 'The place was set by hand', weight: -5, raise: RAISE.stand };
  const m = Math.round(accuracyM);
  const weight = accuracyM <= 20 ? 15 : accuracyM <= 50 ? 10 : accuracyM <= 100 ? 0 : -10;
  const code = accuracyM <= 50 ? 'accurate' : 'rough';
  return { code, zh: `定位误差 ${m} 米`, en: `Position within ${m} m`, weight, ...(code === 'rough' ? { raise: RAISE.fix } : {}) };
}

/** Moved by hand a little from a good fix it is nearly as good as the fix; from far away somebody said where it is, and stood elsewhere. */
function byHandReason({ distanceM, accuracyM }: Moved): ProofReason {
  const apart = Math.max(0, distanceM - Math.min(FORGIVEN_M, accuracyM));
  const words = { zh: `位置是手动放的，离手机定位 ${distanceM} 米`, en: `Set by hand, ${distanceM} m from where the phone was` };
  if (apart <= HERE_M) return { code: 'by-hand-here', ...words, weight: 8 };
  if (apart <= ELSEWHERE_M) return { code: 'by-hand-near', ...words, weight: -2, raise: RAISE.stand };
  return { code: 'by-hand-far', ...words, weight: -10, raise: RAISE.stand };
}

function cellReasons(accuracyM: number | null, borderM: number | null, ownCell: boolean | null): ProofReason[] {
  const reasons: ProofReason[] = [];
  if (borderM !== null) {
    const m = Math.round(borderM);
    reasons.push(
      borderM > (accuracyM ?? 0)
        ? { code: 'inside-cell', zh: '确在这一网格内', en: 'Surely in this cell', weight: 10 }
        : { code: 'on-border', zh: `离网格边界 ${m} 米，可能在邻格`, en: `${m} m from the border: it may be the next cell`, weight: 3 },
    );
  }
  if (ownCell === false) reasons.push({ code: 'other-cell', zh: '不在报告人自己的网格', en: 'Not the reporter’s own cell', weight: -3 });
  return reasons;
}

function photoPlaceReason(distanceM: number | null, most: { here: number; far: number }): ProofReason {
  if (distanceM === null)
    return { code: 'photo-no-place', zh: '照片没有带地点', en: 'The photo does not say where', weight: 0, raise: RAISE.camera };
  const part = Math.min(1, Math.max(0, (distanceM - HERE_M) / (FAR_M - HERE_M)));
  const weight = most.here + (most.far - most.here) * part;
  const m = distanceM < 1_000 ? `${Math.round(distanceM)} 米` : `${(distanceM / 1_000).toFixed(1)} 公里`;
  const mEn = distanceM < 1_000 ? `${Math.round(distanceM)} m` : `${(distanceM / 1_000).toFixed(1)} km`;
  if (distanceM <= HERE_M) return { code: 'photo-here', zh: '照片就在现场拍的', en: 'The photo was taken here', weight };
  if (distanceM <= ELSEWHERE_M)
    return { code: 'photo-near', zh: `照片在 ${m}外拍的`, en: `The photo was taken ${mEn} away`, weight, raise: RAISE.here };
  return {
    code: 'photo-elsewhere',
    zh: `照片在 ${m}外拍的，不在现场`,
    en: `The photo was taken ${mEn} away, not here`,
    weight,
    raise: RAISE.here,
  };
}

function photoTimeReason(photo: PhotoFacts, most: { fresh: number; old: number }): ProofReason {
  const { ageMs, timeFrom } = photo;
  if (ageMs === null) return { code: 'photo-no-time', zh: '照片没有带时间', en: 'The photo does not say when', weight: 0 };
  const apart = Math.abs(ageMs);
  const part = Math.min(1, Math.max(0, (apart - FRESH_MS) / (DAY_MS - FRESH_MS)));
  const whole = most.fresh + (most.old - most.fresh) * part;
  // What the page said is no more than the page's word: it counts half where it speaks for the photo.
  const weight = timeFrom === 'page' && whole > 0 ? whole / 2 : whole;
  const span = spanWords(apart);
  const [zh, en] = ageMs < 0 ? ['后', 'after'] : ['前', 'before'];
  if (apart <= FRESH_MS) return { code: 'photo-fresh', zh: '照片是当时拍的', en: 'The photo was taken then', weight };
  const code = apart <= DAY_MS ? 'photo-hours' : 'photo-old';
  return { code, zh: `照片是 ${span.zh}${zh}拍的`, en: `The photo was taken ${span.en} ${en}`, weight, raise: RAISE.now };
}

function clockReasons(photos: readonly PhotoFacts[]): ProofReason[] {
  const ahead = Math.max(...photos.map((p) => p.clockAheadMs));
  if (ahead <= CLOCK_TOLERANCE_MS) return [];
  const span = spanWords(ahead);
  return [
    { code: 'clock-ahead', zh: `手机时间快了 ${span.zh}`, en: `The phone’s clock is ${span.en} ahead`, weight: -5, raise: RAISE.clock },
  ];
}

function spanWords(ms: number): Words {
  if (ms < HOUR_MS) return { zh: `${Math.round(ms / MINUTE_MS)} 分钟`, en: `${Math.round(ms / MINUTE_MS)} min` };
  if (ms < 2 * DAY_MS) return { zh: `${Math.round(ms / HOUR_MS)} 小时`, en: `${Math.round(ms / HOUR_MS)} h` };
  return { zh: `${Math.round(ms / DAY_MS)} 天`, en: `${Math.round(ms / DAY_MS)} days` };
}

function least(values: readonly (number | null)[]): number | null {
  const known = values.filter((v): v is number => v !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** Nearest in time; one whose own file says so before one of which the page says so. */
function freshest(photos: readonly PhotoFacts[]): PhotoFacts {
  const rank = (p: PhotoFacts) => (p.ageMs === null ? Infinity : Math.abs(p.ageMs) + (p.timeFrom === 'file' ? 0 : FRESH_MS));
  return photos.reduce((best, p) => (rank(p) < rank(best) ? p : best));
}

function scored(base: number, reasons: readonly ProofReason[]): PlaceScore {
  const sum = reasons.reduce((total, r) => total + r.weight, base);
  const score = Math.round(Math.min(100, Math.max(0, sum)));
  const band = score >= 75 ? 'strong' : score >= 50 ? 'fair' : 'weak';
  return { score, band, reasons: reasons.map((r) => ({ ...r, weight: Math.round(r.weight) })) };
}
