/**
 * Needs, claims and resources of a file into the database. What is in the log already stays as it is: a file adds, and never rewrites what happened.
 * All days move by `shiftDays`.
 */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import { insertRows } from '../../grid/import/write.ts';
import { RESOURCE_LAW } from '../chain/booking.ts';
import { startOfDay } from '../../china-time.ts';
import { addDays, dayIndex } from '../chain/days.ts';
import { CLAIM_LAW, NEED_LAW } from '../chain/need.ts';
import { loggedObjects, logMoves, type NewMove } from '../log.ts';
import type { Loading } from './load-people.ts';
import type { ClaimRow, NeedRow, ResourceRow } from './needs-rows.ts';

const placeOf = async (tx: Kysely<Schema>, district: number): Promise<ReadonlyMap<string, string>> => {
  const rows = await tx.selectFrom('committee').select(['code', 'place']).where('district', '=', district).execute();
  return new Map(rows.map((row) => [row.code, row.place]));
};

/** @returns how many were added; so below. */
export async function loadNeeds(tx: Kysely<Schema>, district: number, rows: readonly NeedRow[], loading: Loading): Promise<number> {
  const { shiftDays, account } = loading;
  const known = await loggedObjects(tx, district, NEED_LAW.kind);
  const places = await placeOf(tx, district);
  const fresh = rows.filter((row) => !known.has(row.code));
  await insertRows(
    tx,
    'need',
    fresh.map(({ published, due, committee, ...row }) => ({
      district,
      ...row,
      committee,
      place: places.get(committee)!,
      note: null,
      published_on: addDays(published, shiftDays),
      due: addDays(due, shiftDays),
      incident: null,
      conferred_at: null,
      invited_at: null,
      published_by: account,
      ended_at: null,
      end_reason: null,
      state: 'open' as const,
      version: 1,
    })),
  );
  await logMoves(
    tx,
    fresh.map(({ code, quantity }) =>
      move(loading, district, NEED_LAW.kind, code, 1, 'publish', 'none', 'open', { quantity, imported: true }),
    ),
  );
  return fresh.length;
}

/** Claims with the steps that lead to their state; a need of which then all is confirmed is fulfilled. */
export async function loadClaims(tx: Kysely<Schema>, district: number, rows: readonly ClaimRow[], loading: Loading): Promise<number> {
  const { shiftDays, today, now } = loading;
  const known = await loggedObjects(tx, district, CLAIM_LAW.kind);
  const fresh = rows.filter((row) => !known.has(row.code));
  const moves: NewMove[] = [];
  const add = (code: string, version: number, verb: string, from: string, to: string, payload: object) =>
    void moves.push(move(loading, district, CLAIM_LAW.kind, code, version, verb, from, to, { ...payload, imported: true }));
  const claims = fresh.map((row) => {
    const { code, need, member, quantity, state } = row;
    const claimedOn = addDays(row.claimed_on, shiftDays);
    const due = addDays(row.due, shiftDays);
    const delivered = state === 'claimed' ? null : deliveredAt(code, claimedOn, due, today);
    add(code, 1, 'claim', 'none', 'claimed', { need, quantity, due });
    if (delivered !== null) add(code, 2, 'deliver', 'claimed', 'delivered', { need });
    if (state === 'confirmed') add(code, 3, 'confirm', 'delivered', 'confirmed', { need });
    return {
      district,
      code,
      need,
      member,
      quantity,
      claimed_on: claimedOn,
      due,
      note: null,
      delivery: delivered === null ? null : IMPORTED_DELIVERY,
      delivered_at: delivered,
      confirmed_at: state === 'confirmed' ? delivered : null,
      confirmed_by: state === 'confirmed' ? loading.account : null,
      score: null,
      reason: null,
      unit: null,
      assignment: null,
      state,
      version: state === 'claimed' ? 1 : state === 'delivered' ? 2 : 3,
    };
  });
  await insertRows(tx, 'claim', claims);
  const { rows: full } = await sql<{ code: string; version: number }>`
    update need set state = 'fulfilled', ended_at = ${now}::timestamptz, version = version + 1
    where district = ${district} and state = 'open' and confirmed = quantity
    returning code, version`.execute(tx);
  for (const { code, version } of full) {
    moves.push(move(loading, district, NEED_LAW.kind, code, version, 'fulfil', 'open', 'fulfilled', { imported: true }));
  }
  await logMoves(tx, moves);
  return fresh.length;
}

const IMPORTED_DELIVERY = '服务记录未随表导入 The record of the service was not in the table';

/** Four in the afternoon: the table has days only. */
const DELIVERED_AT_MS = 16 * 3_600_000;

/**
 * A table says that something was delivered, and not when: one to three days before today by the code alone, and not past the claim's last
 * day, so that nothing that is fresh looks as if nobody had cared for weeks.
 */
function deliveredAt(code: string, claimedOn: string, due: string, today: string): Date {
  let sum = 0;
  for (const char of code) sum = (sum * 31 + char.codePointAt(0)!) % 997;
  const recent = addDays(today, -1 - (sum % 3));
  const day = recent > due ? due : recent < claimedOn ? claimedOn : recent;
  return new Date(startOfDay(dayIndex(day)) + DELIVERED_AT_MS);
}

export async function loadResources(tx: Kysely<Schema>, district: number, rows: readonly ResourceRow[], loading: Loading): Promise<number> {
  const known = await loggedObjects(tx, district, RESOURCE_LAW.kind);
  const places = await placeOf(tx, district);
  const members = await tx.selectFrom('member').select(['code', 'committee']).where('district', '=', district).execute();
  const committeeOf = new Map(members.map((row) => [row.code, row.committee]));
  const fresh = rows.filter((row) => !known.has(row.code));
  await insertRows(
    tx,
    'shared_resource',
    fresh.map((row) => {
      const committee = committeeOf.get(row.member)!;
      return { district, ...row, committee, place: places.get(committee)!, state: 'listed' as const, version: 1 };
    }),
  );
  await logMoves(
    tx,
    fresh.map(({ code, quantity }) =>
      move(loading, district, RESOURCE_LAW.kind, code, 1, 'list', 'none', 'listed', { quantity, imported: true }),
    ),
  );
  return fresh.length;
}

function move(
  { account, now }: Loading,
  district: number,
  kind: string,
  object: string,
  version: number,
  verb: string,
  from: string,
  to: string,
  payload: object,
): NewMove {
  return { district, kind, object, version, verb, from, to, actor: account, at: now, payload };
}
