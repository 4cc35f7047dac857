/** The tables of plans, needs, claims and resources that a file can fill. */
import type { Kysely } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import { RESOURCE_LAW } from '../chain/booking.ts';
import { CLAIM_LAW, NEED_LAW } from '../chain/need.ts';
import { PLAN_LAW } from '../chain/plan.ts';
import { tablesBeside } from './importer.ts';
import { loggedObjects } from '../log.ts';
import { loadClaims, loadNeeds, loadResources } from './load-needs.ts';
import { loadPlans } from './load-plans.ts';
import { checkClaimRows, checkNeedRows, checkResourceRows, ClaimRow, type KnownNeeds, NeedRow, ResourceRow } from './needs-rows.ts';
import { checkPlans, type KnownPlaces, PlanRow } from './plan-rows.ts';

async function knownNeeds(tx: Kysely<Schema>, district: number): Promise<KnownNeeds> {
  const codes = async (table: 'unit_type' | 'community' | 'category') =>
    (await tx.selectFrom(table).select('code').where('district', '=', district).execute()).map((row) => row.code);
  const committees = await tx.selectFrom('committee').select(['code', 'place']).where('district', '=', district).execute();
  const members = await tx.selectFrom('member').select(['code', 'committee']).where('district', '=', district).execute();
  const needs = await tx.selectFrom('need').selectAll().where('district', '=', district).where('state', '=', 'open').execute();
  const rows = await codes('category');
  return {
    committees: new Map(committees.map((row) => [row.code, row.place])),
    members: new Map(members.map((row) => [row.code, row.committee])),
    unitTypes: new Set(await codes('unit_type')),
    communities: new Set(await codes('community')),
    categories: new Set([...rows, ...rows.map((code) => code.slice(0, 5))]),
    needs: new Map(
      needs.map((row) => [
        row.code,
        { committee: row.committee, left: row.quantity - row.claimed, published: row.published_on, due: row.due },
      ]),
    ),
    claims: await loggedObjects(tx, district, 'claim'),
  };
}

async function knownPlaces(tx: Kysely<Schema>, district: number): Promise<KnownPlaces> {
  const plans = await tx
    .selectFrom('plan_item')
    .select(['code', 'level', 'starts', 'ends'])
    .where('district', '=', district)
    .where('state', '<>', 'dropped')
    .execute();
  const codes = async (table: 'subdistrict' | 'community' | 'unit') =>
    (await tx.selectFrom(table).select('code').where('district', '=', district).execute()).map((row) => row.code);
  return {
    places: new Set([String(district), ...(await codes('subdistrict')), ...(await codes('community'))]),
    units: new Set(await codes('unit')),
    plans: new Map(plans.map((row) => [row.code, row])),
  };
}

const table = tablesBeside(knownNeeds);

/** In the order in which they need one another. */
export const NEEDS_IMPORTS = {
  plans: tablesBeside(knownPlaces)(PLAN_LAW.kind, PlanRow, checkPlans, loadPlans),
  resources: table(RESOURCE_LAW.kind, ResourceRow, checkResourceRows, loadResources),
  needs: table(NEED_LAW.kind, NeedRow, checkNeedRows, loadNeeds),
  claims: table(CLAIM_LAW.kind, ClaimRow, checkClaimRows, loadClaims),
} as const;
