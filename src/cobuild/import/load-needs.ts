/**
 * Needs, claims and resources of a file into the database. What is in the log already stays as it is: a file adds, and never rewrites what happened.
 * All days move by `shiftDays`.
 */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import { insertRows } from '../../grid/import/write.ts';
import { RESOURCE_LAW } from '../chain/booking.ts';
import { addDays } from '../chain/days.ts';
import { CLAIM_LAW, NEED_LAW } from '../chain/need.ts';
import { logMoves } from '../log.ts';
import { deliveredAt, importLog, type Loading, newToLog, placesOfCommittees } from './loading.ts';
import type { ClaimRow, NeedRow, ResourceRow } from './needs-rows.ts';

/** @returns how many were added; so below. */
export async function loadNeeds(tx: Kysely<Schema>, district: number, rows: readonly NeedRow[], loading: Loading): Promise<number> {
  const { shiftDays, account } = loading;
  const { fresh, moves, add } = await newToLog(tx, district, NEED_LAW.kind, rows, loading);
  const places = await placesOfCommittees(tx, district);
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
  for (const { code, quantity } of fresh) add(code, 1, 'publish', 'none', 'open', { quantity });
  await logMoves(tx, moves);
  return fresh.length;
}

/** Claims with the steps that lead to their state; a need of which then all is confirmed is fulfilled. */
export async function loadClaims(tx: Kysely<Schema>, district: number, rows: readonly ClaimRow[], loading: Loading): Promise<number> {
  const { shiftDays, today, now } = loading;
  const { fresh, moves, add } = await newToLog(tx, district, CLAIM_LAW.kind, rows, loading);
  const ofNeeds = importLog(loading, district, NEED_LAW.kind);
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
      // Nobody delivers without saying what: delivered and without, it was not in the file, and the page says so.
      delivery: null,
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
  for (const { code, version } of full) ofNeeds.add(code, version, 'fulfil', 'open', 'fulfilled');
  await logMoves(tx, [...moves, ...ofNeeds.moves]);
  return fresh.length;
}

export async function loadResources(tx: Kysely<Schema>, district: number, rows: readonly ResourceRow[], loading: Loading): Promise<number> {
  const { fresh, moves, add } = await newToLog(tx, district, RESOURCE_LAW.kind, rows, loading);
  const places = await placesOfCommittees(tx, district);
  const members = await tx.selectFrom('member').select(['code', 'committee']).where('district', '=', district).execute();
  const committeeOf = new Map(members.map((row) => [row.code, row.committee]));
  await insertRows(
    tx,
    'shared_resource',
    fresh.map((row) => {
      const committee = committeeOf.get(row.member)!;
      return { district, ...row, committee, place: places.get(committee)!, state: 'listed' as const, version: 1 };
    }),
  );
  for (const { code, quantity } of fresh) add(code, 1, 'list', 'none', 'listed', { quantity });
  await logMoves(tx, moves);
  return fresh.length;
}
