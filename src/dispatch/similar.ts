/** 相似事件: may two reports be of one and the same thing? A score with its reasons. Pure; it decides nothing, a person does. */
import { distanceM } from '../grid/nearest.ts';
import type { Position } from './chain/incident.ts';
import { textLikeness } from './text-likeness.ts';

/** What of a category's row says which others a person may mistake it for. */
export interface Kind {
  /** Row code, for example `C0101-01`. */
  readonly code: string;
  /** Category code, for example `C0101`. */
  readonly category: string;
  readonly kind: string;
  readonly classCode: string;
  readonly nameZh: string;
}

/** One report, as far as it can be compared. */
export interface Sighting {
  readonly kind: Kind;
  readonly position: Position;
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** What the reporter wrote; null when that was nothing, or is not the caller's to know. */
  readonly words: string | null;
  /** Its place is not the caller's to know: see `roughly`. */
  readonly rough?: boolean;
}

/** Rows of the database; see `place-rules.ts`. */
export interface SimilarRules {
  readonly withinM: number;
  readonly withinDays: number;
}

export type SimilarCode = 'same-row' | 'same-category' | 'related-category' | 'near' | 'close-by' | 'fresh' | 'days-ago' | 'words';

export interface SimilarReason {
  readonly code: SimilarCode;
  readonly zh: string;
  readonly en: string;
  readonly points: number;
}

export interface Similarity {
  /** 0–100. */
  readonly score: number;
  /** Straight line between the two positions as reported, metres; to 20 m where one of them is rough. */
  readonly distanceM: number;
  readonly reasons: readonly SimilarReason[];
}

/**
 * What speaks for one thing, of a hundred [ours]: kind and place carry it, because a phone gives both without being asked; time and words only
 * order what kind and place have found.
 */
const MOST = { kind: 40, place: 35, time: 10, words: 15 } as const;
/** Of the points for the kind: the same row; the same category under another condition; one that a passer-by may take for it. */
const KINSHIP = { row: 1, category: 0.9, named: 0.5, class: 0.45 } as const;
/** Below it nothing is offered; from `strong` on the page asks before it sends. */
export const OFFERED_FROM = 40;
export const STRONG_FROM = 70;
/** However badly two phones know their place, what lies further apart than this beyond the limit is not one thing, metres [ours]. */
export const MOST_SLACK_M = 80;
/** So roughly is told where something lies that the caller may not see, metres [ours]: enough to know that it may be the same. */
const ROUGH_M = 20;
const METRES_PER_DEGREE = 111_195;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** So soon after each other that it counts in full. */
const FRESH_MS = 2 * HOUR_MS;
/**
 * From here on the words speak for it. Measured on 432 citizens' messages: of two halves of one message 64 % come over it, of a title and its
 * text 95 %, of two different messages on one subject 1.5 %.
 */
const LEAST_LIKENESS = 0.08;
/** From here on they count in full: no two different messages on one subject came so far, but for one in five thousand. */
const FULL_LIKENESS = 0.3;

/** Two fixes err independently: their errors add up as squares. A place set by hand has no error of its own. */
export function slackM(a: Position, b: Position): number {
  return Math.min(MOST_SLACK_M, Math.hypot(a.accuracyM ?? 0, b.accuracyM ?? 0));
}

/**
 * The middle of the square of the ground, 20 m wide, in which a point lies. A distance alone, however it is rounded, gives the point away to
 * whoever asks from enough places: at each step of the rounding it lies on a circle. From here on only the square can be found.
 */
export function roughly({ lng, lat, ...rest }: Position): Position {
  const middle = (degrees: number, step: number) => (Math.floor(degrees / step) + 0.5) * step;
  const roughLat = middle(lat, ROUGH_M / METRES_PER_DEGREE);
  return { ...rest, lat: roughLat, lng: middle(lng, ROUGH_M / METRES_PER_DEGREE / Math.cos((roughLat * Math.PI) / 180)) };
}

/**
 * How likely both are one thing.
 *
 * @returns null when they cannot be: of unrelated kinds, too far apart even with both errors taken off, or too long after each other.
 *          The same whichever comes first.
 */
export function similarity(a: Sighting, b: Sighting, rules: SimilarRules): Similarity | null {
  const kind = kinship(a.kind, b.kind);
  const exact = distanceM(placeOf(a), placeOf(b));
  const apart = a.rough || b.rough ? Math.round(exact / ROUGH_M) * ROUGH_M : exact;
  const beyond = Math.max(0, apart - slackM(a.position, b.position));
  const laterMs = Math.abs(a.atMs - b.atMs);
  if (kind === null || beyond > rules.withinM || laterMs > rules.withinDays * DAY_MS) return null;
  const reasons = [kind, placeReason(apart, beyond, rules), timeReason(laterMs, rules), ...wordsReason(a.words, b.words)];
  return { score: Math.round(reasons.reduce((sum, r) => sum + r.points, 0)), distanceM: Math.round(apart), reasons };
}

const placeOf = ({ position, rough }: Sighting) => (rough ? roughly(position) : position);

function kinship(a: Kind, b: Kind): SimilarReason | null {
  if (a.code === b.code) return { code: 'same-row', zh: '同一类', en: 'The same kind', points: MOST.kind * KINSHIP.row };
  if (a.category === b.category) {
    return { code: 'same-category', zh: '同一类，轻重不同', en: 'The same kind, graver or lighter', points: MOST.kind * KINSHIP.category };
  }
  // 上水井盖 and 污水井盖: whoever stands before one does not know which it is. The last two characters name the thing.
  const sameThing = a.nameZh.slice(-2) === b.nameZh.slice(-2);
  const share = sameThing ? KINSHIP.named : a.kind === b.kind && a.classCode === b.classCode ? KINSHIP.class : 0;
  return share === 0 ? null : { code: 'related-category', zh: '类别相近', en: 'A related kind', points: MOST.kind * share };
}

function placeReason(apart: number, beyond: number, { withinM }: SimilarRules): SimilarReason {
  const points = MOST.place * (1 - beyond / withinM);
  const m = Math.round(apart);
  return beyond === 0
    ? { code: 'near', zh: `相距 ${m} 米，在定位误差之内`, en: `${m} m apart, within what the positions may err`, points }
    : { code: 'close-by', zh: `相距 ${m} 米`, en: `${m} m apart`, points };
}

function timeReason(laterMs: number, { withinDays }: SimilarRules): SimilarReason {
  const points = MOST.time * Math.min(1, 1 - Math.max(0, laterMs - FRESH_MS) / (withinDays * DAY_MS));
  if (laterMs <= FRESH_MS) return { code: 'fresh', zh: '前后不到 2 小时', en: 'Within two hours', points };
  const days = Math.round(laterMs / DAY_MS);
  const hours = Math.round(laterMs / HOUR_MS);
  return days >= 1
    ? { code: 'days-ago', zh: `前后 ${days} 天`, en: `${days} ${days === 1 ? 'day' : 'days'} apart`, points }
    : { code: 'days-ago', zh: `前后 ${hours} 小时`, en: `${hours} hours apart`, points };
}

function wordsReason(a: string | null, b: string | null): SimilarReason[] {
  if (a === null || b === null) return [];
  const alike = textLikeness(a, b);
  if (alike < LEAST_LIKENESS) return [];
  return [{ code: 'words', zh: '写的也像', en: 'The words are alike', points: MOST.words * Math.min(1, alike / FULL_LIKENESS) }];
}

/** What the page writes when the reporter wrote nothing: the category's own words, which say nothing of this report. */
export function ownWords(description: string, category: { readonly nameZh: string; readonly openZh: string }): string | null {
  const said = description.trim();
  return said === '' || said === `${category.nameZh}：${category.openZh}` || said === category.nameZh ? null : said;
}
