/** Committees, members and certificates as JSON. */
import { z } from '@hono/zod-openapi';
import type { Actor } from '../identity/actor.ts';
import { COMMITTEE_LAW, type Committee, TIERS } from './chain/committee.ts';
import type { Day } from './chain/days.ts';
import { endsWithin, inTerm, type Member, MEMBER_LAW, ORG_KINDS } from './chain/member.ts';
import { memberCode, partsAt, partsWith } from './chain/scope.ts';
import { stateNames, verbNames, verbsFor } from './chain/table.ts';
import type { Certificate, Verdict } from './certificates.ts';
import type { CommitteeFigures } from './committees.ts';
import { Code, DayText, MoveSchema, Time } from './route-frame.ts';

export const CommitteeSchema = z
  .object({
    code: Code,
    version: z.number().int(),
    state: z.enum(stateNames(COMMITTEE_LAW)),
    tier: z.enum(TIERS),
    place: z.string().openapi({ description: '9 digits (大工委) or 12 (大党委)' }),
    nameZh: z.string(),
    nameEn: z.string(),
    founded: DayText.nullable(),
    may: z.array(z.enum(verbNames(COMMITTEE_LAW))).openapi({ description: 'What the caller may do with it now' }),
    calendarPath: z.string().openapi({ description: 'What a calendar subscribes to, below the address of the service' }),
    mayPropose: z.boolean().openapi({ description: 'The caller may propose members and plan conferences' }),
  })
  .openapi('Committee');

export const CommitteeRowSchema = CommitteeSchema.extend({
  members: z.number().int(),
  ending: z.number().int().openapi({ description: 'Terms that end within 30 days' }),
  proposed: z.number().int(),
  agreements: z.number().int(),
  openResolutions: z.number().int(),
  overdueResolutions: z.number().int(),
  conference: z
    .object({ code: Code, state: z.string(), startsAt: Time })
    .nullable()
    .openapi({ description: 'Of this quarter; null: none is set' }),
}).openapi('CommitteeRow');

export const MemberSchema = z
  .object({
    code: Code,
    version: z.number().int(),
    state: z.enum(stateNames(MEMBER_LAW)),
    committee: Code,
    place: z.string(),
    orgZh: z.string(),
    orgEn: z.string(),
    orgKind: z.enum(ORG_KINDS).nullable(),
    personZh: z.string(),
    personEn: z.string(),
    postZh: z.string(),
    postEn: z.string(),
    unit: z.string().nullable(),
    appointed: DayText.nullable(),
    termEnd: DayText.nullable(),
    certificate: z.string().nullable(),
    inTerm: z.boolean(),
    endsInDays: z.number().int().nullable().openapi({ description: 'When the term ends within 30 days' }),
    mine: z.boolean().openapi({ description: 'It is the caller itself' }),
    may: z.array(z.enum(verbNames(MEMBER_LAW))),
  })
  .openapi('Member');

export const CertificateSchema = z
  .object({
    number: z.string(),
    from: DayText,
    until: DayText,
    endedOn: DayText.nullable(),
    issuedAt: Time,
    checkPath: z.string().openapi({ description: 'Below the address of the service: what the QR code says' }),
  })
  .openapi('Certificate');

export const MemberDetailSchema = MemberSchema.extend({
  committeeZh: z.string(),
  committeeEn: z.string(),
  tier: z.enum(TIERS),
  certificates: z.array(CertificateSchema),
  moves: z.array(MoveSchema),
}).openapi('MemberDetail');

export const VerdictSchema = z
  .object({
    state: z.enum(['valid', 'notYet', 'expired', 'unknown']),
    number: z.string().optional(),
    from: DayText.optional(),
    until: DayText.optional().openapi({ description: 'The last day that it holds or held' }),
    bodyZh: z.string().optional(),
    bodyEn: z.string().optional(),
    committeeZh: z.string().optional(),
    committeeEn: z.string().optional(),
    tier: z.enum(TIERS).optional(),
  })
  .openapi('CertificateVerdict');

export function committeeToWire(committee: Committee, actor: Actor): z.infer<typeof CommitteeSchema> {
  const { code, version, state, tier, place, nameZh, nameEn, founded, calendarKey } = committee;
  const parts = partsAt(actor, place);
  const mayPropose = state === 'active' && verbsFor(MEMBER_LAW, 'none', parts).length > 0;
  const calendarPath = `/api/v1/public/calendars/${code}.ics?k=${calendarKey}`;
  return {
    code,
    version,
    state,
    tier,
    place,
    nameZh,
    nameEn,
    founded,
    calendarPath,
    may: verbsFor(COMMITTEE_LAW, state, parts),
    mayPropose,
  };
}

export function committeeRowToWire(row: Committee & CommitteeFigures, actor: Actor): z.infer<typeof CommitteeRowSchema> {
  const { members, ending, proposed, agreements, openResolutions, overdueResolutions, conference } = row;
  return {
    ...committeeToWire(row, actor),
    members,
    ending,
    proposed,
    agreements,
    openResolutions,
    overdueResolutions,
    conference: conference && { ...conference, startsAt: conference.startsAt.toISOString() },
  };
}

export function memberToWire(member: Member, actor: Actor, today: Day): z.infer<typeof MemberSchema> {
  const { proposedBy, ...shown } = member;
  const active = inTerm(member, today);
  const parts = partsWith(actor, member.place, { code: member.code, active });
  // Whoever proposed somebody does not appoint them: the button would be refused.
  const may = verbsFor(MEMBER_LAW, member.state, parts).filter((verb) => verb !== 'appoint' || proposedBy !== actor.account);
  return { ...shown, inTerm: active, endsInDays: endsWithin(member, today), mine: memberCode(actor) === member.code, may };
}

export function certificateToWire({ number, from, until, endedOn, issuedAt, key }: Certificate): z.infer<typeof CertificateSchema> {
  const checkPath = `/certificate/?${new URLSearchParams({ n: number, k: key }).toString()}`;
  return { number, from, until, endedOn, issuedAt: issuedAt.toISOString(), checkPath };
}

export function verdictToWire(verdict: Verdict): z.infer<typeof VerdictSchema> {
  return verdict;
}
