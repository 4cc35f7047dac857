/** What a conference's agenda is drafted from. */
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Reference } from '../grid/reference.ts';
import { agendaFacts } from './agenda-facts.ts';
import { AGREEMENT_WARNING_DAYS } from './chain/agreement.ts';
import type { AgendaFact } from './chain/agenda.ts';
import type { Committee } from './chain/committee.ts';
import { addDays, dayAt } from './chain/days.ts';
import { endsWithin } from './chain/member.ts';
import { endingAgreements } from './agreements.ts';
import { membersOf } from './members.ts';
import { openResolutionsOf } from './resolutions.ts';

/** All that the committee should speak of now, gravest kinds first. */
export async function factsFor(
  db: Kysely<Schema>,
  district: number,
  { code, place }: Pick<Committee, 'code' | 'place'>,
  { now, reference }: { now: Date; reference: Reference },
): Promise<AgendaFact[]> {
  const today = dayAt(now);
  const resolutions = await openResolutionsOf(db, district, code);
  const agreements = (await endingAgreements(db, district, addDays(today, AGREEMENT_WARNING_DAYS))).filter((one) => one.committee === code);
  const members = await membersOf(db, district, code);
  return [
    ...(await agendaFacts(db, district, place, { now, reference })),
    ...resolutions.map((one): AgendaFact => ({
      kind: 'resolution',
      ref: one.code,
      zh: `${one.text}（${one.dueOn}）`,
      en: `${one.text} (${one.dueOn})`,
    })),
    ...agreements.map((one): AgendaFact => ({
      kind: 'agreement',
      ref: one.code,
      zh: `${one.orgZh} ${one.until}`,
      en: `${one.orgEn} ${one.until}`,
    })),
    ...members
      .filter((member) => endsWithin(member, today) !== null)
      .map((member): AgendaFact => ({
        kind: 'term',
        ref: member.code,
        zh: `${member.orgZh} ${member.termEnd}`,
        en: `${member.orgEn} ${member.termEnd}`,
      })),
  ];
}
