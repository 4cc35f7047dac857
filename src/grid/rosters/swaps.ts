/** 换班: one crew asks another to work a shift for it, and may work one of the other's in return. Accepted, it becomes overrides. */
import type { Kysely } from 'kysely';
import { v5 } from 'uuid';
import type { Schema } from '../../db/schema.ts';
import type { RosterSwapAnswerTable } from '../../db/tables/rosters.ts';
import type { DutyBook, Shift } from '../duty.ts';
import { addOverride, endOverride } from './overrides.ts';
import { type BookReference, bookOf, readOverrides } from './read.ts';
import { readCrews } from './crews.ts';
import { refused, type RosterAnswer, type RosterRefusal } from './refusals.ts';

export interface Span {
  readonly from: Date;
  readonly until: Date;
}

export interface Swap {
  readonly id: string;
  readonly unit: string;
  /** Who asks, and whose shift `gives` is. */
  readonly crew: string;
  /** Who is asked, and whose shift `takes` is. */
  readonly other: string;
  readonly gives: Span;
  readonly takes: Span | null;
  readonly reason: string;
  readonly by: string;
  readonly at: Date;
  readonly answer: { readonly answer: RosterSwapAnswerTable['answer']; readonly by: string; readonly at: Date } | null;
}

export type NewSwap = Omit<Swap, 'at' | 'answer'>;

/** Namespace of the ids of overrides that come from swaps; made once, for this only. */
const SWAP_OVERRIDES = 'b0b7c1f4-6f0e-5c83-8f0a-51c2d6a9e4d7';
/** A unit's last swaps, as a page shows them. */
const SHOWN = 30;

/** Belongs into `Rosters.change`. */
export async function askSwap(
  tx: Kysely<Schema>,
  district: number,
  reference: BookReference,
  wanted: NewSwap,
  now: Date,
): Promise<RosterAnswer<Swap>> {
  const { id, unit, crew, other, gives, takes, reason, by } = wanted;
  const same = await findSwap(tx, district, id);
  if (same !== null) return isSame(same, wanted) ? { ok: true, value: same } : refused('idempotency-key-reused');
  const known = (await readCrews(tx, district)).get(unit) ?? [];
  if (crew === other || ![crew, other].every((code) => known.some((one) => one.code === code))) return refused('unknown-crew');
  const wrong = notTheirs(await bookNow(tx, district, reference), wanted, now, 'not-your-shift');
  if (wrong !== null) return wrong;
  const { at } = await tx
    .insertInto('roster_swap')
    .values({
      district,
      id,
      unit,
      crew,
      other,
      gives_from: gives.from,
      gives_until: gives.until,
      takes_from: takes?.from ?? null,
      takes_until: takes?.until ?? null,
      reason,
      by,
    })
    .returning('at')
    .executeTakeFirstOrThrow();
  return { ok: true, value: { ...wanted, at, answer: null } };
}

/** Of two answers the first counts; the same again by the same account is the same answer. Belongs into `Rosters.change`. */
export async function answerSwap(
  tx: Kysely<Schema>,
  district: number,
  reference: BookReference,
  { swap, answer, by }: { readonly swap: string; readonly answer: RosterSwapAnswerTable['answer']; readonly by: string },
  now: Date,
): Promise<RosterAnswer<Swap>> {
  const asked = await findSwap(tx, district, swap);
  if (asked === null) return refused('not-found');
  if (asked.answer !== null) {
    return asked.answer.answer === answer && asked.answer.by === by ? { ok: true, value: asked } : refused('swap-already-answered');
  }
  if (answer === 'accepted') {
    const book = await bookNow(tx, district, reference);
    const wrong = notTheirs(book, asked, now, 'swap-out-of-date') ?? (await exchange(tx, district, book, asked, by, now));
    if (wrong !== null) return wrong;
  }
  const { at } = await tx.insertInto('roster_swap_answer').values({ district, swap, answer, by }).returning('at').executeTakeFirstOrThrow();
  return { ok: true, value: { ...asked, answer: { answer, by, at } } };
}

/** The two overrides of a swap; one that lies over exactly such a shift already makes room. */
async function exchange(
  tx: Kysely<Schema>,
  district: number,
  book: DutyBook,
  swap: Swap,
  by: string,
  now: Date,
): Promise<RosterRefusal | null> {
  const parts = [
    { span: swap.gives, crew: swap.other, name: 'gives' },
    ...(swap.takes === null ? [] : [{ span: swap.takes, crew: swap.crew, name: 'takes' }]),
  ];
  for (const { span, crew, name } of parts) {
    const before = wholeShift(book, swap.unit, span)?.override;
    const old = (await readOverrides(tx, district, swap.unit)).get(swap.unit)?.find((one) => one.id === before);
    const exact = old?.from.getTime() === span.from.getTime() && old.until.getTime() === span.until.getTime();
    if (old !== undefined && exact) await endOverride(tx, district, old, by, now);
    const id = v5(`${swap.id} ${name}`, SWAP_OVERRIDES);
    const added = await addOverride(tx, district, { id, unit: swap.unit, ...span, crew, reason: swap.reason, by, swap: swap.id }, now);
    if (!added.ok) return added;
  }
  return null;
}

/** Both shifts have to be whole, to come, and of the crew that gives each away. */
function notTheirs(
  book: DutyBook,
  { unit, crew, other, gives, takes }: NewSwap,
  now: Date,
  code: 'not-your-shift' | 'swap-out-of-date',
): RosterRefusal | null {
  const begun = [gives, ...(takes === null ? [] : [takes])].some((span) => span.from <= now);
  if (begun) return refused(code === 'not-your-shift' ? 'roster-in-past' : code);
  const theirs = wholeShift(book, unit, gives)?.crew === crew && (takes === null || wholeShift(book, unit, takes)?.crew === other);
  return theirs ? null : refused(code);
}

/** The shift that is exactly this interval. */
function wholeShift(book: DutyBook, unit: string, { from, until }: Span): Shift | undefined {
  const [shift] = book.shifts(unit, from.getTime(), from.getTime() + 1);
  return shift?.state === 'on' && shift.fromMs === from.getTime() && shift.toMs === until.getTime() ? shift : undefined;
}

async function bookNow(tx: Kysely<Schema>, district: number, reference: BookReference): Promise<DutyBook> {
  return bookOf(reference, { crews: await readCrews(tx, district), overrides: await readOverrides(tx, district) });
}

function isSame(there: Swap, wanted: NewSwap): boolean {
  const plain = ({ id, unit, crew, other, gives, takes, reason, by }: NewSwap) =>
    JSON.stringify([id, unit, crew, other, gives, takes, reason, by]);
  return plain(there) === plain(wanted);
}

export async function findSwap(db: Kysely<Schema>, district: number, id: string): Promise<Swap | null> {
  const row = await selectSwaps(db, district).where('s.id', '=', id).executeTakeFirst();
  return row === undefined ? null : swapFrom(row);
}

/** Newest first. */
export async function listSwaps(db: Kysely<Schema>, district: number, unit: string): Promise<Swap[]> {
  const rows = await selectSwaps(db, district).where('s.unit', '=', unit).orderBy('s.at', 'desc').limit(SHOWN).execute();
  return rows.map(swapFrom);
}

function selectSwaps(db: Kysely<Schema>, district: number) {
  return db
    .selectFrom('roster_swap as s')
    .leftJoin('roster_swap_answer as a', (on) => on.onRef('a.district', '=', 's.district').onRef('a.swap', '=', 's.id'))
    .select([
      's.id',
      's.unit',
      's.crew',
      's.other',
      's.gives_from',
      's.gives_until',
      's.takes_from',
      's.takes_until',
      's.reason',
      's.by',
      's.at',
    ])
    .select(['a.answer', 'a.by as answered_by', 'a.at as answered_at'])
    .where('s.district', '=', district);
}

type SwapRow = Awaited<ReturnType<ReturnType<typeof selectSwaps>['execute']>>[number];

function swapFrom(row: SwapRow): Swap {
  return {
    id: row.id,
    unit: row.unit,
    crew: row.crew,
    other: row.other,
    gives: { from: row.gives_from, until: row.gives_until },
    takes: row.takes_from === null ? null : { from: row.takes_from, until: row.takes_until! },
    reason: row.reason,
    by: row.by,
    at: row.at,
    answer: row.answer === null ? null : { answer: row.answer, by: row.answered_by!, at: row.answered_at! },
  };
}
