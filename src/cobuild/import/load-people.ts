/**
 * People and papers of a file into the database. What is in the log already stays as it is: a file adds, and never rewrites what happened. All days
 * move by `shiftDays` where a demo world is loaded on another day than the one it was made for.
 */
import type { Kysely } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import { insertRows } from '../../grid/import/write.ts';
import { setCommunities } from '../../identity/accounts.ts';
import { newCheckKey, raiseCounters } from '../certificates.ts';
import { addDays, quarterOf } from '../chain/days.ts';
import { logMoves } from '../log.ts';
import { importLog, type Loading, newToLog } from './loading.ts';
import {
  type AgreementRow,
  certificateOn,
  type CommitteeRow,
  type ConferenceRow,
  type LeaderRow,
  type MemberRow,
  type ResolutionRow,
} from './people-rows.ts';

/** When meetings of a file begin that has only their day. [ours] The afternoon, when members can leave their work. */
const BEGINS = '15:00';

/** @returns how many were added; so below. */
export async function loadCommittees(
  tx: Kysely<Schema>,
  district: number,
  rows: readonly CommitteeRow[],
  loading: Loading,
): Promise<number> {
  const { fresh, moves, add } = await newToLog(tx, district, 'committee', rows, loading);
  for (const { code, tier, place, name_zh, name_en, founded: day } of fresh) {
    const founded = addDays(day, loading.shiftDays);
    await tx
      .insertInto('committee')
      .values({ district, code, tier, place, name_zh, name_en, founded, version: 1 })
      .onConflict((on) => on.columns(['district', 'code']).doUpdateSet({ name_zh, name_en, founded, version: 1 }))
      .execute();
    add(code, 1, 'found', 'none', 'active', { founded });
  }
  await logMoves(tx, moves);
  await writeConferences(
    tx,
    district,
    fresh.flatMap((row) => conferenceOf(row, loading)),
    loading,
  );
  return fresh.length;
}

/** The conference that a row of a committee carries. Its code is only a name: the table of resolutions knows it, whatever the day. */
function conferenceOf(row: CommitteeRow, { shiftDays, today }: Loading): ConferenceRow[] {
  const { code: committee, conference_on: held_on, conference_state: state, quarter: inFile, venue_zh, venue_en } = row;
  if (held_on === null || inFile === null || venue_zh === null || (state !== 'held' && state !== 'planned')) return [];
  const code = `${committee}-${inFile.toLowerCase()}`;
  // A demo world that moves keeps its meetings in the quarter of the day on which it is loaded.
  const quarter = shiftDays === 0 ? inFile : quarterOf(today);
  return [{ code, committee, quarter, held_on, begins: BEGINS, venue_zh, venue_en, state, minutes_zh: null }];
}

export async function loadConferences(
  tx: Kysely<Schema>,
  district: number,
  rows: readonly ConferenceRow[],
  loading: Loading,
): Promise<number> {
  const { fresh } = await newToLog(tx, district, 'conference', rows, loading);
  const moved = fresh.map((row) => ({ ...row, quarter: quarterOf(addDays(row.held_on, loading.shiftDays)) }));
  await writeConferences(tx, district, moved, loading);
  return fresh.length;
}

async function writeConferences(tx: Kysely<Schema>, district: number, rows: readonly ConferenceRow[], loading: Loading): Promise<void> {
  const { moves, add } = importLog(loading, district, 'conference');
  const conferences = rows.map(({ code, committee, quarter, held_on, begins, venue_zh, venue_en, state, minutes_zh }) => {
    const starts_at = new Date(`${addDays(held_on, loading.shiftDays)}T${begins}:00+08:00`);
    const held = state === 'held';
    add(code, 1, 'plan', 'none', 'planned', { quarter, startsAt: starts_at.toISOString() });
    if (held) add(code, 2, 'hold', 'planned', 'held');
    const venue = { venue_zh, venue_en: venue_en ?? venue_zh };
    // Nobody holds a conference without minutes: held and without, they were not in the file, and the page says so.
    const papers = { minutes: held ? (minutes_zh ?? '') : '', attended: [], agenda: '[]' };
    return { district, code, committee, quarter, starts_at, ...venue, ...papers, version: held ? 2 : 1, state };
  });
  await insertRows(tx, 'conference', conferences);
  await logMoves(tx, moves);
}

export async function loadMembers(tx: Kysely<Schema>, district: number, rows: readonly MemberRow[], loading: Loading): Promise<number> {
  const { fresh, moves, add } = await newToLog(tx, district, 'member', rows, loading);
  const certificates: Parameters<typeof insertRows<'certificate'>>[2][number][] = [];
  for (const row of fresh) {
    const appointed = addDays(row.appointed, loading.shiftDays);
    const term_end = addDays(row.term_end, loading.shiftDays);
    const over = term_end < loading.today;
    const certificate = certificateOn(row.certificate, row.appointed, loading.shiftDays);
    const values = {
      ...row,
      certificate,
      appointed,
      term_end,
      state: over ? ('expired' as const) : ('appointed' as const),
      version: over ? 3 : 2,
    };
    const { code: _code, committee: _committee, ...changed } = values;
    await tx
      .insertInto('member')
      .values({ district, ...values })
      .onConflict((on) => on.columns(['district', 'code']).doUpdateSet(changed))
      .execute();
    const paper = { number: certificate, member: row.code, from_on: appointed, until_on: term_end, ended_on: null };
    certificates.push({ district, ...paper, check_key: newCheckKey(), issued_at: loading.now, issued_by: loading.account });
    add(row.code, 1, 'propose', 'none', 'proposed');
    add(row.code, 2, 'appoint', 'proposed', 'appointed', { from: appointed, until: term_end, certificate });
    if (over) add(row.code, 3, 'expire', 'appointed', 'expired');
  }
  await raiseCounters(
    tx,
    district,
    certificates.map((one) => one.number),
  );
  await insertRows(tx, 'certificate', certificates);
  await logMoves(tx, moves);
  return fresh.length;
}

export async function loadLeaders(tx: Kysely<Schema>, district: number, rows: readonly LeaderRow[], loading: Loading): Promise<number> {
  const { fresh, moves, add } = await newToLog(tx, district, 'leader', rows, loading);
  for (const row of fresh) {
    const { code, ...changed } = row;
    await tx
      .insertInto('leader')
      .values({ district, code, ...changed, version: 1 })
      .onConflict((on) => on.columns(['district', 'code']).doUpdateSet({ ...changed, version: 1 }))
      .execute();
    await setCommunities(tx, district, `leader.${code}`, row.communities);
    add(code, 1, 'link', 'none', 'linked', { communities: row.communities });
  }
  await logMoves(tx, moves);
  return fresh.length;
}

export async function loadAgreements(
  tx: Kysely<Schema>,
  district: number,
  rows: readonly AgreementRow[],
  loading: Loading,
): Promise<number> {
  const { fresh, moves, add } = await newToLog(tx, district, 'agreement', rows, loading);
  const agreements = fresh.map((row) => {
    const { code, committee, member, links, commitment_zh, commitment_en, becomes, becomes_code } = row;
    const from_on = addDays(row.signed, loading.shiftDays);
    const until_on = addDays(row.ends, loading.shiftDays);
    const over = until_on < loading.today;
    add(code, 1, 'record', 'none', 'active', { links, until: until_on });
    if (over) add(code, 2, 'expire', 'active', 'expired');
    const sides = { district, code, committee, member, links, commitment_zh, commitment_en, becomes_kind: becomes, becomes_code };
    const term = { from_on, until_on, signed_on: from_on, renewal_until: null, renewal_by: null };
    return { ...sides, ...term, state: over ? ('expired' as const) : ('active' as const), version: over ? 2 : 1 };
  });
  await insertRows(tx, 'agreement', agreements);
  await logMoves(tx, moves);
  return fresh.length;
}

export async function loadResolutions(
  tx: Kysely<Schema>,
  district: number,
  rows: readonly ResolutionRow[],
  loading: Loading,
): Promise<number> {
  const { fresh: unknown, moves, add } = await newToLog(tx, district, 'resolution', rows, loading);
  const held = await tx.selectFrom('conference').select(['code', 'committee']).where('district', '=', district).execute();
  const committees = new Map(held.map((row) => [row.code, row.committee]));
  const fresh = unknown.filter((row) => committees.has(row.conference));
  const resolutions = fresh.map(({ code, conference, text_zh, owner, due_on, progress_zh, outcome_zh }) => {
    const due = addDays(due_on, loading.shiftDays);
    const closed = outcome_zh !== '';
    add(code, 1, 'resolve', 'none', 'open', { owner, dueOn: due });
    if (closed) add(code, 2, 'close', 'open', 'closed', { outcome: outcome_zh });
    const what = { district, code, conference, committee: committees.get(conference)!, text: text_zh, owner, due_on: due };
    const how = {
      progress: progress_zh,
      outcome: outcome_zh,
      state: closed ? ('closed' as const) : ('open' as const),
      version: closed ? 2 : 1,
    };
    return { ...what, ...how };
  });
  await insertRows(tx, 'resolution', resolutions);
  await logMoves(tx, moves);
  return fresh.length;
}
