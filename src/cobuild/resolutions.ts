/** Resolutions (议定的事): their rows. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Actor } from '../identity/actor.ts';
import type { Day } from './chain/days.ts';
import type { Owner, Resolution, ResolutionState } from './chain/resolution.ts';
import { seesPlace } from './place-filter.ts';

function select(db: Kysely<Schema>, district: number) {
  return db
    .selectFrom('resolution as r')
    .innerJoin('committee as c', (on) => on.onRef('c.district', '=', 'r.district').onRef('c.code', '=', 'r.committee'))
    .select([
      'r.code',
      'r.version',
      'r.state',
      'r.conference',
      'r.committee',
      'c.place',
      'r.text',
      'r.owner',
      'r.due_on',
      'r.progress',
      'r.outcome',
    ])
    .where('r.district', '=', district);
}

type Row = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number];

function resolutionFrom({ due_on, owner, ...same }: Row): Resolution {
  return { ...same, owner: owner as Owner, dueOn: due_on };
}

export interface ResolutionQuery {
  readonly committee?: string | undefined;
  readonly conference?: string | undefined;
  readonly state?: ResolutionState | undefined;
  readonly owner?: string | undefined;
  /** Open, and due before that day. */
  readonly lateOn?: Day | undefined;
}

/** What is due first comes first. */
export async function listResolutions(db: Kysely<Schema>, district: number, actor: Actor, query: ResolutionQuery): Promise<Resolution[]> {
  const rows = await select(db, district)
    .where(seesPlace(actor, sql.ref('c.place')))
    .$if(query.committee !== undefined, (q) => q.where('r.committee', '=', query.committee!))
    .$if(query.conference !== undefined, (q) => q.where('r.conference', '=', query.conference!))
    .$if(query.state !== undefined, (q) => q.where('r.state', '=', query.state!))
    .$if(query.owner !== undefined, (q) => q.where('r.owner', '=', query.owner!))
    .$if(query.lateOn !== undefined, (q) => q.where('r.state', '=', 'open').where('r.due_on', '<', query.lateOn!))
    .orderBy('r.due_on')
    .orderBy('r.code')
    .execute();
  return rows.map(resolutionFrom);
}

/** Open ones of the whole district that are due by that day. */
export async function dueResolutions(db: Kysely<Schema>, district: number, by: Day): Promise<Resolution[]> {
  const rows = await select(db, district).where('r.state', '=', 'open').where('r.due_on', '<=', by).orderBy('r.due_on').execute();
  return rows.map(resolutionFrom);
}

export async function findResolution(db: Kysely<Schema>, district: number, code: string): Promise<Resolution | null> {
  const row = await select(db, district).where('r.code', '=', code).executeTakeFirst();
  return row === undefined ? null : resolutionFrom(row);
}

/** Locked to the end of the transaction. */
export async function lockResolution(tx: Kysely<Schema>, district: number, code: string): Promise<Resolution | null> {
  const row = await select(tx, district).where('r.code', '=', code).forUpdate('r').executeTakeFirst();
  return row === undefined ? null : resolutionFrom(row);
}

export async function insertResolution(tx: Kysely<Schema>, district: number, resolution: Resolution): Promise<void> {
  const { place: _, dueOn, ...same } = resolution;
  await tx
    .insertInto('resolution')
    .values({ district, ...same, due_on: dueOn })
    .execute();
}

export async function writeResolution(tx: Kysely<Schema>, district: number, resolution: Resolution): Promise<void> {
  const { code, version, state, owner, dueOn, progress, outcome } = resolution;
  await tx
    .updateTable('resolution')
    .set({ version, state, owner, due_on: dueOn, progress, outcome })
    .where('district', '=', district)
    .where('code', '=', code)
    .execute();
}

/** `fengcheng-union-2026q4-r3`. The conference must be locked. */
export async function nextResolutionCode(tx: Kysely<Schema>, district: number, conference: string): Promise<string> {
  const { n } = await tx
    .selectFrom('resolution')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('district', '=', district)
    .where('conference', '=', conference)
    .executeTakeFirstOrThrow();
  return `${conference}-r${n + 1}`;
}

/** Of one committee, what is due first: what the next conference looks at again. */
export async function openResolutionsOf(db: Kysely<Schema>, district: number, committee: string): Promise<Resolution[]> {
  const rows = await select(db, district)
    .where('r.committee', '=', committee)
    .where('r.state', '=', 'open')
    .orderBy('r.due_on')
    .orderBy('r.code')
    .execute();
  return rows.map(resolutionFrom);
}
