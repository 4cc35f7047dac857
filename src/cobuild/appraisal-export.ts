/** Appraisals of the quarter as a table: a score stands there once both sides may read it, or to the side that gave it. */
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Actor } from '../identity/actor.ts';
import { unitFacts, type UnitFacts } from './appraisal-facts.ts';
import { readAppraisals } from './appraisals.ts';
import { isShown, meanScore, type Direction } from './chain/appraisal.ts';
import { dayAt, quarterOf } from './chain/days.ts';
import { isInArea, isOfficeOf } from './chain/scope.ts';
import { listMembers } from './members.ts';

export interface ExportedAppraisal {
  readonly quarter: string;
  readonly orgZh: string;
  readonly orgEn: string;
  readonly place: string;
  /** Mean; null: not for this reader yet. */
  readonly ofUnit: number | null;
  readonly ofCommittee: number | null;
  readonly facts: UnitFacts;
}

export async function appraisalsForExport(db: Kysely<Schema>, district: number, actor: Actor, now: Date): Promise<ExportedAppraisal[]> {
  const today = dayAt(now);
  const quarter = quarterOf(today);
  const seen = await listMembers(db, district, actor, { state: 'appointed' });
  const members = seen.filter((member) => isInArea(actor, member.place));
  const codes = members.map((member) => member.code);
  const given = (await readAppraisals(db, district, quarter, codes)).filter((one) => one.state === 'given');
  const facts = await unitFacts(db, district, codes, quarter, today);
  return members.map(({ code, orgZh, orgEn, place }) => {
    const own = given.filter((one) => one.member === code);
    const shown = isShown(quarter, new Set(own.map((one) => one.direction)), today);
    const mean = (direction: Direction, mine: boolean) => {
      const one = own.find((appraisal) => appraisal.direction === direction);
      return one !== undefined && (shown || mine) ? meanScore(one.scores) : null;
    };
    const ofUnit = mean('ofUnit', isOfficeOf(actor, place));
    return { quarter, orgZh, orgEn, place, ofUnit, ofCommittee: mean('ofCommittee', false), facts: facts.get(code)! };
  });
}
