/** Rosters as the outside sees them: schemas, and how what is known becomes one. Pure. */
import { z } from '@hono/zod-openapi';
import type { DutyBook, Shift } from '../duty.ts';
import type { Crew } from './crews.ts';
import type { HandOver } from './hand-overs.ts';
import type { Override } from './read.ts';
import type { Swap } from './swaps.ts';
import type { Hole } from './watch.ts';

const Time = z.iso.datetime();
const State = z.enum(['on', 'onCall', 'off']);
const StandInSchema = z.object({ unit: z.string(), duty: z.enum(['full', 'secure-only']) });

export const CrewSchema = z
  .object({
    code: z.string(),
    nameZh: z.string(),
    nameEn: z.string(),
    phone: z.string().nullable().openapi({ description: 'null: there is none, or the caller has not to call' }),
  })
  .openapi('Crew');

export const ShiftSchema = z
  .object({
    from: Time,
    until: Time,
    state: State,
    crew: z.string().nullable(),
    planned: z.string().nullable().openapi({ description: 'Whose turn it is by the pattern' }),
    override: z.uuid().nullable(),
  })
  .openapi('Shift');

export const OverrideSchema = z
  .object({
    id: z.uuid(),
    unit: z.string(),
    from: Time,
    until: Time,
    crew: z.string().nullable(),
    reason: z.string(),
    swap: z.uuid().nullable(),
    by: z.string(),
    at: Time,
    endedAt: Time.nullable(),
    endedBy: z.string().nullable(),
  })
  .openapi('RosterOverride');

const SpanSchema = z.object({ from: Time, until: Time });
export const SwapSchema = z
  .object({
    id: z.uuid(),
    unit: z.string(),
    crew: z.string(),
    other: z.string(),
    gives: SpanSchema,
    takes: SpanSchema.nullable(),
    reason: z.string(),
    by: z.string(),
    at: Time,
    answer: z.enum(['accepted', 'declined', 'withdrawn']).nullable(),
    answeredAt: Time.nullable(),
  })
  .openapi('RosterSwap');

export const OpenWorkSchema = z.object({
  incident: z.uuid(),
  number: z.string(),
  level: z.string(),
  assignment: z.uuid(),
  role: z.enum(['lead', 'assist']),
  state: z.string(),
});
export const HandOverSchema = z
  .object({
    id: z.uuid(),
    unit: z.string(),
    changeAt: Time,
    fromCrew: z.string(),
    toCrew: z.string(),
    note: z.string().nullable().openapi({ description: 'null: not for you' }),
    openWork: z.array(OpenWorkSchema).nullable().openapi({ description: 'null: not for you' }),
    by: z.string(),
    at: Time,
    takenAt: Time.nullable(),
    takenBy: z.string().nullable(),
  })
  .openapi('HandOver');

export const DutySchema = z
  .object({
    unit: z.string(),
    state: State,
    crew: z.string().nullable(),
    until: Time.nullable(),
    next: z.object({ crew: z.string(), from: Time }).nullable(),
    comes: StandInSchema.nullable().openapi({ description: 'Who would come now: the unit itself, or whoever stands in; null: nobody' }),
  })
  .openapi('Duty');

export const HoleSchema = z
  .object({
    unit: z.string(),
    from: Time,
    until: Time,
    override: z.uuid().nullable(),
    standIn: StandInSchema.nullable(),
    toldAt: Time.nullable(),
  })
  .openapi('RosterHole');

export const SignOnSchema = z
  .object({
    unit: z.string().nullable(),
    crew: z.string().nullable(),
    since: Time.nullable(),
    until: Time.nullable().openapi({ description: 'When the shift of that crew ends' }),
  })
  .openapi('SignOn');

export const UnitRosterSchema = z
  .object({
    unit: z.string(),
    from: Time,
    until: Time,
    maySet: z.boolean(),
    duty: DutySchema,
    crews: z.array(CrewSchema),
    shifts: z.array(ShiftSchema),
    overrides: z.array(OverrideSchema).openapi({ description: 'Those that touch the interval, ended ones too' }),
    swaps: z.array(SwapSchema),
    handOvers: z.array(HandOverSchema),
    holes: z.array(HoleSchema),
  })
  .openapi('UnitRoster');

export const BoardRowSchema = z
  .object({ unit: z.string(), maySet: z.boolean(), crews: z.array(CrewSchema), duty: DutySchema, shifts: z.array(ShiftSchema) })
  .openapi('RosterRow');

const iso = (at: Date) => at.toISOString();

export function crewToWire({ code, nameZh, nameEn, phone }: Crew, maySeePhones: boolean): z.infer<typeof CrewSchema> {
  return { code, nameZh, nameEn, phone: maySeePhones ? phone : null };
}

export function shiftToWire({ fromMs, toMs, ...shift }: Shift): z.infer<typeof ShiftSchema> {
  return { from: iso(new Date(fromMs)), until: iso(new Date(toMs)), ...shift };
}

export function overrideToWire({ from, until, at, ended, ...same }: Override): z.infer<typeof OverrideSchema> {
  return {
    ...same,
    from: iso(from),
    until: iso(until),
    at: iso(at),
    endedAt: ended === null ? null : iso(ended.at),
    endedBy: ended?.by ?? null,
  };
}

export function swapToWire({ gives, takes, at, answer, ...same }: Swap): z.infer<typeof SwapSchema> {
  const span = ({ from, until }: Swap['gives']) => ({ from: iso(from), until: iso(until) });
  return {
    ...same,
    gives: span(gives),
    takes: takes === null ? null : span(takes),
    at: iso(at),
    answer: answer?.answer ?? null,
    answeredAt: answer === null ? null : iso(answer.at),
  };
}

export function handOverToWire(
  { changeAt, at, taken, note, openWork, ...same }: HandOver,
  maySeeOpenWork: boolean,
): z.infer<typeof HandOverSchema> {
  return {
    ...same,
    changeAt: iso(changeAt),
    at: iso(at),
    note: maySeeOpenWork ? note : null,
    openWork: maySeeOpenWork ? [...openWork] : null,
    takenAt: taken === null ? null : iso(taken.at),
    takenBy: taken?.by ?? null,
  };
}

export function dutyToWire(book: DutyBook, unit: string, nowMs: number): z.infer<typeof DutySchema> {
  return { unit, ...book.at(unit, nowMs), comes: book.comesFor(unit, nowMs) };
}

export function holeToWire({ unit, from, until, override, standIn }: Hole, told: ReadonlyMap<string, Date>): z.infer<typeof HoleSchema> {
  const toldAt = told.get(`${unit} ${iso(from)}`);
  return { unit, from: iso(from), until: iso(until), override, standIn, toldAt: toldAt === undefined ? null : iso(toldAt) };
}
