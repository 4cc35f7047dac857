/** 双向考核评议 in the database: written, handed in, and shown only when both sides are in or the time is over. */
import type { Kysely, Selectable } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { AppraisalTable } from '../db/tables/appraisals.ts';
import { act, type Asked, type Done, type House } from './act.ts';
import {
  APPRAISAL_LAW,
  areScores,
  DIRECTIONS,
  refusedPeriod,
  type AppraisalState,
  type Direction,
  type Scores,
} from './chain/appraisal.ts';
import { dayAt, type Quarter } from './chain/days.ts';
import type { Telling } from './chain/notices.ts';
import { refused, type CobuildAnswer } from './chain/refusals.ts';
import { maySeePlace, memberCode, officeInbox, partsAt } from './chain/scope.ts';
import { permit, type Part } from './chain/table.ts';
import { memberAt } from './members.ts';

export interface Appraisal {
  readonly quarter: Quarter;
  readonly committee: string;
  readonly place: string;
  readonly member: string;
  readonly direction: Direction;
  readonly scores: Scores;
  readonly comment: string | null;
  readonly at: string;
  readonly state: AppraisalState;
  readonly version: number;
}

export const appraisalCode = (quarter: Quarter, member: string, direction: Direction) => `${quarter} ${member} ${direction}`;

/** Of one quarter, for these members; who may read what is decided by whoever shows it. */
export async function readAppraisals(
  db: Kysely<Schema>,
  district: number,
  quarter: Quarter,
  members: readonly string[],
): Promise<Appraisal[]> {
  if (members.length === 0) return [];
  const rows = await db
    .selectFrom('appraisal')
    .selectAll()
    .where('district', '=', district)
    .where('quarter', '=', quarter)
    .where('member', 'in', [...members])
    .execute();
  return rows.map(appraisalFrom);
}

export interface Appraising {
  readonly quarter: Quarter;
  readonly member: string;
  readonly direction: Direction;
  readonly scores: Scores;
  readonly comment?: string | undefined;
  /** Hands it in: it does not change any more. Else it is kept as a draft, which only its side reads. */
  readonly give: boolean;
}

/**
 * Writes an appraisal. The office appraises the member, the member the committee; nobody itself.
 *
 * @returns the appraisal as its own side reads it.
 */
export function appraise(
  house: House,
  asked: Asked,
  { quarter, member: of, direction, scores, comment, give }: Appraising,
): Promise<CobuildAnswer<Appraisal>> {
  const { district } = house;
  return act(house, asked, async (tx, now, log): Promise<Done<Appraisal>> => {
    const member = await memberAt(tx, district, of, now);
    if (member === null || !maySeePlace(asked.actor, member.place)) return refused('unknown-member');
    const own = memberCode(asked.actor) === member.code;
    if (direction === 'ofUnit' && own) return refused('appraises-itself');
    const office = partsAt(asked.actor, member.place).has('office');
    if (direction === 'ofCommittee' && office) return refused('appraises-itself');
    const parts = new Set<Part>();
    if (direction === 'ofUnit' && office) parts.add('office');
    if (direction === 'ofCommittee' && own) parts.add(member.active ? 'member' : 'formerMember');
    const code = appraisalCode(quarter, of, direction);
    const before = await tx
      .selectFrom('appraisal')
      .selectAll()
      .where('district', '=', district)
      .where('code', '=', code)
      .forUpdate()
      .executeTakeFirst();
    const from = before?.state ?? 'none';
    // Before the table is asked: who may not write it is not told whether it was written.
    if (parts.size > 0 && from === 'given') return refused('appraisal-sealed');
    const permitted = permit(APPRAISAL_LAW, from, give ? 'give' : 'save', parts);
    if (!permitted.ok) return permitted;
    const wrong = refusedPeriod(quarter, dayAt(now));
    if (wrong !== null) return wrong;
    if (!areScores(direction, scores)) return refused('missing-field', { field: 'scores' });
    const { account } = asked.actor;
    const version = (before?.version ?? 0) + 1;
    const written = { scores: JSON.stringify(scores), comment: comment ?? null, by: account, at: now, state: permitted.move.to, version };
    const row = await tx
      .insertInto('appraisal')
      .values({ district, code, quarter, committee: member.committee, place: member.place, member: of, direction, ...written })
      .onConflict((on) => on.columns(['district', 'code']).doUpdateSet(written))
      .returningAll()
      .executeTakeFirstOrThrow();
    // No scores in the log: it is read by both sides.
    const { verb, to: state } = permitted.move;
    await log(APPRAISAL_LAW, { code, version, state }, { verb, from, payload: { quarter, member: of, direction } });
    const tells = give ? await tellsOf(tx, district, appraisalFrom(row)) : [];
    return { ok: true, value: appraisalFrom(row), tells };
  });
}

/** The other side is told that one is in; both, once both are. */
async function tellsOf(tx: Kysely<Schema>, district: number, { quarter, member, direction, place }: Appraisal): Promise<Telling[]> {
  const given = (await readAppraisals(tx, district, quarter, [member])).filter((one) => one.state === 'given');
  const both = DIRECTIONS.every((wanted) => given.some((one) => one.direction === wanted));
  const office = officeInbox(place);
  const about = { kind: 'appraisal', code: member, place, quarter };
  const other = direction === 'ofUnit' ? (`member:${member}` as const) : office;
  return both
    ? [{ key: `appraisalShown ${quarter} ${member}`, recipients: [office, `member:${member}`], notice: 'appraisalShown', about }]
    : [{ key: `appraisalAsked ${quarter} ${member} ${direction}`, recipients: [other], notice: 'appraisalAsked', about }];
}

function appraisalFrom(row: Selectable<AppraisalTable>): Appraisal {
  return {
    quarter: row.quarter,
    committee: row.committee,
    place: row.place,
    member: row.member,
    direction: row.direction,
    scores: row.scores,
    comment: row.comment,
    at: row.at.toISOString(),
    state: row.state,
    version: row.version,
  };
}
