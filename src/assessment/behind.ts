/** The incidents behind a mark, newest first: the very rows that the mark counts. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { levelFromNumber } from '../dispatch/chain/levels.ts';
import type { State } from '../dispatch/chain/states.ts';
import { Problem } from '../errors.ts';
import { UUID } from '../uuid.ts';
import type { Behind, BehindQuery } from './schemas.ts';
import { markOf, rowsOf } from './sources.ts';
import type { View } from './view.ts';

interface Row {
  readonly id: string;
  readonly number: string;
  readonly category: string;
  readonly level: number;
  readonly state: string;
  readonly subdistrict: string;
  readonly community: string;
  readonly reported_at: Date;
  readonly at: Date;
  readonly late: boolean | null;
  readonly used: number | null;
  readonly clock: string;
  readonly tie: Date;
}

/** @throws Problem `invalid-query` if `after` is none of ours. */
export async function behind(db: Kysely<Schema>, view: View, { after, limit, ...mark }: BehindQuery): Promise<Behind> {
  const past =
    after === undefined
      ? sql`true`
      : sql`(r.at, r.id, r.clock, r.tie) < (${sql.join(cursorOf(after).map((v, i) => sql`${v}${sql.raw(CASTS[i]!)}`))})`;
  const { rows } = await sql<Row>`
    select r.id, r.number, r.category, r.level, r.state, r.subdistrict, r.community, r.reported_at, r.at, r.late, r.used, r.clock, r.tie
    from (${rowsOf(db, mark.set, view)}) r where ${markOf(mark, view.now)} and ${past}
    order by r.at desc, r.id desc, r.clock desc, r.tie desc limit ${limit + 1}`.execute(db);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => ({
      id: row.id,
      number: row.number,
      category: row.category,
      level: levelFromNumber(row.level),
      state: row.state as State,
      subdistrict: row.subdistrict,
      community: row.community,
      reportedAt: row.reported_at.toISOString(),
      at: row.at.toISOString(),
      late: row.late,
      used: row.used,
    })),
    next: rows.length > limit && last !== undefined ? formatCursor(last) : null,
  };
}

const CASTS = ['::timestamptz', '::uuid', '::text', '::timestamptz'] as const;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function formatCursor({ at, id, clock, tie }: Row): string {
  return Buffer.from(JSON.stringify([at.toISOString(), id, clock, tie.toISOString()])).toString('base64url');
}

function cursorOf(text: string): string[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (Array.isArray(value) && value.length === 4 && value.every((v) => typeof v === 'string')) {
      const [at, id, clock, tie] = value as string[];
      const times = [at!, tie!].every((t) => TIME.test(t) && !Number.isNaN(Date.parse(t)));
      if (times && UUID.test(id!) && /^\w{0,20}$/.test(clock!)) return value as string[];
    }
  } catch {
    // None of ours: said below.
  }
  throw new Problem('invalid-query', { extra: { errors: [{ path: 'after', message: 'take it from `next` of the page before' }] } });
}
