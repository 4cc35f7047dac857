/** A report without an account: checked, counted, and handed to the desk as an ordinary incident that the community looks at first. */
import { createHash } from 'node:crypto';
import { v5, v7 } from 'uuid';
import type { Database } from '../db/connect.ts';
import type { Desk } from '../dispatch/desk.ts';
import { findByKey } from '../dispatch/earlier.ts';
import { Problem } from '../errors.ts';
import { isPictureFile, readPicture } from '../evidence/picture.ts';
import { keepPhoto, photoOfKey } from '../evidence/photos.ts';
import { readPlaceProof } from '../evidence/place-proof.ts';
import type { Reference } from '../grid/reference.ts';
import { residentActor } from '../identity/actor.ts';
import { busyWhenFull, makeSlots } from '../slots.ts';
import { rowFor } from './kinds.ts';
import { reportedPlace } from './place.ts';
import { takeQuota } from './quota.ts';

/** Of one file: the page makes them smaller than a megabyte before it sends them; without that a phone's photo may just fit. */
export const REPORT_PHOTO_MAX_BYTES = 4 * 1024 * 1024;
/** Pictures unpacked at the same time; staff's have slots of their own, which these cannot fill. */
const PICTURES_AT_ONCE = 1;
const PICTURES_WAITING = 36;
/** Namespace of the keys of a report's photos; made once, for this only. */
const PHOTO_KEYS = '0c0f6a57-8a8e-5c8e-9b0e-52f6a1c3d7e4';

export interface ResidentReport {
  readonly description: string;
  readonly kind?: string | undefined;
  readonly lng?: number | undefined;
  readonly lat?: number | undefined;
  readonly accuracyM?: number | undefined;
  readonly community?: string | undefined;
  /** The place in words. */
  readonly where?: string | undefined;
  readonly photos: readonly Uint8Array[];
}

export interface ReporterDeps {
  readonly db: Database;
  readonly district: number;
  readonly reference: () => Reference;
  readonly desk: Pick<Desk, 'report'>;
}

/**
 * Takes reports of residents.
 *
 * @returns for each report the number of its incident; the same key again gives the same number and takes nothing from the hour's quota.
 * @throws Problem with what the person can do about it; nothing is reported then.
 */
export function residentReporter({
  db,
  district,
  reference,
  desk,
}: ReporterDeps): (report: ResidentReport, key: string) => Promise<string> {
  const actor = residentActor(district);
  const slots = makeSlots(PICTURES_AT_ONCE, PICTURES_WAITING);

  /** Under a key that follows from the report's own: sent again, it is the same photo. */
  async function keep(bytes: Uint8Array, key: string): Promise<string> {
    const digest = createHash('sha256').update(bytes).digest();
    const earlier = await photoOfKey(db.kysely, actor, key, digest);
    if (earlier) return earlier.id;
    const [picture, proof] = await slots.run(() => Promise.all([readPicture(bytes), readPlaceProof(bytes)])).catch(busyWhenFull(5));
    if (picture === null) throw new Problem('photo-not-readable');
    const kept = await keepPhoto(db.kysely, actor, { id: v7(), key, digest, picture, proof, claimedTakenAt: undefined });
    return kept.id;
  }

  async function hand(report: ResidentReport, key: string, where: NonNullable<ReturnType<typeof reportedPlace>>, category: string) {
    const photos: string[] = [];
    for (const [i, bytes] of report.photos.entries()) photos.push(await keep(bytes, v5(`${key} ${i}`, PHOTO_KEYS)));
    const description = report.where ? `${report.description}\n位置：${report.where}` : report.description;
    const answer = await desk.report({ category, description, position: where.position, photos }, actor, key);
    if (answer.ok) return answer;
    const { code, ...why } = answer.refusal;
    throw new Problem(code, { extra: why });
  }

  return async (report, key) => {
    for (const bytes of report.photos) {
      if (bytes.length > REPORT_PHOTO_MAX_BYTES) throw new Problem('photo-too-large');
      if (!isPictureFile(bytes)) throw new Problem('photo-not-readable');
    }
    const where = reportedPlace(reference(), report);
    if (where === null) throw new Problem('outside-district');
    const category = rowFor({ kind: report.kind, words: report.description }, reference().categories);
    if (category === null) throw new Problem('resident-kind-needed');
    if ((await findByKey(db.pool, district, actor.account, key)) !== null)
      return (await hand(report, key, where, category)).incident.number;

    const quota = await takeQuota(db.kysely, district, where.place.community);
    if (!quota.ok) {
      const seconds = Math.ceil(quota.waitMs / 1_000);
      throw new Problem('too-many-reports', { extra: { retryAfterS: seconds }, headers: { 'Retry-After': String(seconds) } });
    }
    let counts = false;
    try {
      const { incident, repeat } = await hand(report, key, where, category);
      counts = !repeat;
      return incident.number;
    } finally {
      // Refused, or the same was sent twice at once: only what became an incident counts.
      if (!counts) await quota.giveBack();
    }
  };
}
