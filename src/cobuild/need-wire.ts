/** Needs and claims as the outside sees them. */
import { z } from '@hono/zod-openapi';
import type { Actor } from '../identity/actor.ts';
import { LINK_CODES } from './chain/links.ts';
import { CLAIM_LAW, CLAIM_STATES, isOverdue, leftOver, NEED_LAW, NEED_STANDINGS, standingOf, type ClaimState } from './chain/need.ts';
import { memberCode, partsAt, partsWith } from './chain/scope.ts';
import { verbsFor } from './chain/table.ts';
import type { MemberAt } from './members.ts';
import type { NamedClaim, NeedWithClaims } from './needs.ts';
import { Code, DayText, Line, Lines, Time, Version } from './route-frame.ts';

export const LinkSchema = z.enum(LINK_CODES).openapi({ description: '五联: which of the five links' });
const CLAIM_STATE_NAMES = CLAIM_STATES.map((state) => state.name) as [ClaimState, ...ClaimState[]];
const Photos = z.array(z.uuid().toLowerCase()).max(9);
const Quantity = z.number().int().min(1).max(1_000_000);

export const ClaimSchema = z
  .object({
    code: z.string(),
    need: z.string(),
    member: z.string(),
    orgZh: z.string(),
    orgEn: z.string(),
    quantity: z.number().int(),
    claimedOn: DayText,
    due: DayText,
    overdue: z.boolean(),
    note: z.string().nullable(),
    delivery: z.string().nullable().openapi({ description: 'What was done, in the member’s words' }),
    photos: z.array(z.string()),
    deliveredAt: Time.nullable(),
    confirmedAt: Time.nullable(),
    score: z.number().int().nullable(),
    reason: z.string().nullable().openapi({ description: 'Why it was given back, sent back or ended' }),
    unit: z.string().nullable().openapi({ description: 'Code under which it went to the incident' }),
    assignment: z.string().nullable(),
    state: z.enum(CLAIM_STATE_NAMES),
    version: z.number().int(),
    may: z.array(z.string()).openapi({ description: 'What the caller may do with it now' }),
  })
  .openapi('Claim');

export const NeedSchema = z
  .object({
    code: z.string(),
    committee: z.string(),
    place: z.string(),
    link: LinkSchema,
    titleZh: z.string(),
    titleEn: z.string().nullable(),
    note: z.string().nullable(),
    quantity: z.number().int(),
    unitZh: z.string(),
    unitEn: z.string().nullable(),
    publishedOn: DayText,
    due: DayText,
    fromCategory: z.string().nullable(),
    incident: z.string().nullable(),
    number: z.string().nullable().openapi({ description: 'Of the incident that it was made of' }),
    claimed: z.number().int(),
    confirmed: z.number().int(),
    left: z.number().int(),
    state: z.enum(NEED_STANDINGS),
    overdue: z.boolean(),
    conferredAt: Time.nullable().openapi({ description: 'When what is left over was handed to the conference' }),
    invitedAt: Time.nullable(),
    endedAt: Time.nullable(),
    endReason: z.string().nullable(),
    version: z.number().int(),
    claims: z.array(ClaimSchema),
    may: z.array(z.string()),
    mayClaim: z.boolean().openapi({ description: 'The caller is a member in term and something is left' }),
  })
  .openapi('Need');
export const NeedListSchema = z.object({ items: z.array(NeedSchema), next: z.string().nullable() }).openapi('NeedList');

export const NewNeedSchema = z.object({
  committee: Code,
  link: LinkSchema,
  titleZh: Line(60),
  titleEn: Line(120).optional(),
  note: Lines(2000).optional(),
  quantity: Quantity,
  unitZh: Line(20),
  unitEn: Line(40).optional(),
  due: DayText,
  fromCategory: Line(40).optional(),
  incident: z.uuid().toLowerCase().optional().openapi({ description: 'The hard incident that it is made of: it closes with it' }),
});
export const NeedMoveSchema = z.discriminatedUnion('verb', [
  z.object({ verb: z.literal('invite'), members: z.array(Code).max(200).optional(), expectedVersion: Version }),
  z.object({ verb: z.literal('confer'), expectedVersion: Version }),
  z.object({ verb: z.literal('extend'), due: DayText, expectedVersion: Version }),
  z.object({ verb: z.literal('withdraw'), reason: Lines(500).min(1), expectedVersion: Version }),
]);
export const NewClaimSchema = z.object({ quantity: Quantity, due: DayText.optional(), note: Lines(500).optional() });
export const ClaimMoveSchema = z.discriminatedUnion('verb', [
  z.object({ verb: z.literal('deliver'), delivery: Lines(2000).min(1), photos: Photos.optional(), expectedVersion: Version }),
  z.object({ verb: z.literal('giveBack'), reason: Lines(500).min(1), expectedVersion: Version }),
  z.object({ verb: z.literal('confirm'), score: z.number().int().min(1).max(5).optional(), expectedVersion: Version }),
  z.object({ verb: z.literal('sendBack'), reason: Lines(500).min(1), expectedVersion: Version }),
]);
export const LinkFiguresSchema = z
  .object({
    items: z.array(
      z.object({
        link: LinkSchema,
        needs: z.number().int(),
        open: z.number().int(),
        unclaimed: z.number().int(),
        fulfilled: z.number().int(),
        overdue: z.number().int(),
        claims: z.number().int(),
        confirmedClaims: z.number().int(),
        members: z.number().int(),
      }),
    ),
    next: z.null(),
  })
  .openapi('LinkFigures');

/** Who reads, and on which day. `member`: the member that the reader is, if any. */
export interface Reader {
  readonly actor: Actor;
  readonly member: MemberAt | null;
  readonly today: string;
}

/** Verbs that the routes take; the others are the system's. */
const NEED_VERBS: ReadonlySet<string> = new Set(['invite', 'confer', 'extend', 'withdraw']);
const CLAIM_VERBS: ReadonlySet<string> = new Set(['deliver', 'giveBack', 'confirm', 'sendBack']);

export function needToWire({ need, number, claims }: NeedWithClaims, reader: Reader) {
  const { state: _state, publishedBy: _by, ...same } = need;
  const left = leftOver(need);
  const overdue = isOverdue(need, reader.today);
  const { member } = reader;
  const near = member !== null && (need.place.startsWith(member.place) || member.place.startsWith(need.place));
  const may = verbsFor(NEED_LAW, need.state, partsAt(reader.actor, need.place)).filter((verb) => NEED_VERBS.has(verb));
  return {
    ...same,
    number,
    left,
    state: standingOf(need),
    overdue,
    claims: claims.map((claim) => claimToWire(claim, need.place, reader)),
    may,
    mayClaim: near && member.active && need.state === 'open' && left > 0 && !overdue,
  };
}

export function claimToWire(claim: NamedClaim, place: string, { actor, member, today }: Reader) {
  const own = member !== null && memberCode(actor) === claim.member;
  const parts = own ? partsWith(actor, place, member) : partsAt(actor, place);
  return {
    ...claim,
    photos: [...claim.photos],
    overdue: claim.state === 'claimed' && claim.due < today,
    may: verbsFor(CLAIM_LAW, claim.state, parts).filter((verb) => CLAIM_VERBS.has(verb)),
  };
}
