/** What assessment is asked and answers, as schemas: the OpenAPI page and the pages' types are made from them. */
import { z } from '@hono/zod-openapi';
import { LevelSchema } from '../dispatch/chain/commands.ts';
import { STATE_NAMES } from '../dispatch/chain/states.ts';
import { FIGURE_NAMES } from './definitions.ts';

const Count = z.number().int();
const Day = z.iso.date().openapi({ description: 'A day in China’s time', example: '2026-11-20' });
const Words = z.object({ zh: z.string(), en: z.string() });

/** What every question may be narrowed to. */
const narrowed = {
  level: z
    .string()
    .max(20)
    .transform((s) => s.split(','))
    .pipe(z.array(LevelSchema).min(1))
    .optional()
    .openapi({ type: 'string', description: 'One or more of R1, R2, R3, R4, separated by commas' }),
  subdistrict: z
    .string()
    .regex(/^\d{9}$/)
    .optional(),
  community: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
};
const period = {
  from: Day.optional().openapi({ description: 'First day; absent: today' }),
  to: Day.optional().openapi({ description: 'Last day, counted in; absent: the same as `from`' }),
};

export const DayQuery = z.object({ ...period, ...narrowed });
export type DayQuery = z.infer<typeof DayQuery>;

export const SETS = ['reported', 'closed', 'open', 'decided', 'step', 'declined', 'rung', 'rated'] as const;
export type SetName = (typeof SETS)[number];

export const AGES = ['day', 'threeDays', 'week', 'month', 'older'] as const;
export type Age = (typeof AGES)[number];

const flag = z.enum(['true', 'false']).transform((s) => s === 'true');
/** A mark of a chart: one of the sets, and what of it the mark counts. */
export const BehindQuery = z.object({
  ...period,
  ...narrowed,
  set: z.enum(SETS),
  late: flag.optional().openapi({ description: 'Past the limit; of `rung`: later than the target, or by no device; of `rated`: not good' }),
  solved: flag.optional().openapi({ description: 'Of `decided`: closed and not reopened' }),
  clock: z.string().max(20).optional(),
  hour: z.coerce.number().int().min(0).max(23).optional(),
  weekday: z.coerce.number().int().min(1).max(7).optional().openapi({ description: '1: Monday' }),
  age: z.enum(AGES).optional(),
  suspended: flag.optional(),
  after: z.string().max(300).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type BehindQuery = z.infer<typeof BehindQuery>;

const Rate = z
  .object({
    name: z.enum(FIGURE_NAMES),
    value: z.number().nullable().openapi({ description: 'Per cent, or seconds; null: nothing to count yet' }),
    target: z.number(),
    of: Count.openapi({ description: 'How many were counted' }),
    missed: Count.openapi({ description: 'How many of them missed it: what the list behind the figure has' }),
    before: z.number().nullable().openapi({ description: 'The same of the period before, as long as this one' }),
    median: z.number().nullable().optional(),
    p95: z.number().nullable().optional(),
    unrung: Count.optional().openapi({ description: 'Rang on no device' }),
  })
  .openapi('Figure');
const Step = z
  .object({
    clock: z.string(),
    step: z.string().openapi({ description: 'The step of the chain that it belongs to' }),
    decided: Count,
    late: Count,
    lateOpen: Count.openapi({ description: 'Of the late ones: not ended yet; they have no share' }),
    p50: z.number().nullable().openapi({ description: 'Share of the limit that was used, 1 is all of it' }),
    p90: z.number().nullable(),
    p95: z.number().nullable(),
  })
  .openapi('StepFigure');
const Tally = { reported: Count, closed: Count, decided: Count, late: Count };

export const DaySchema = z
  .object({
    from: Day,
    to: Day,
    asOf: z.iso.datetime(),
    places: z.enum(['subdistrict', 'community']).openapi({ description: 'What `byPlace` is by' }),
    counts: z.object({
      reported: Count,
      closed: Count,
      open: Count,
      overdue: Count,
      suspended: Count,
      critical: Count.openapi({ description: 'Open R1' }),
    }),
    leftOut: z.object({ merged: Count, cancelled: Count, drill: Count, forced: Count, suspended: Count }),
    figures: z.array(Rate),
    steps: z.array(Step),
    days: z.array(z.object({ day: Day, ...Tally })),
    hours: z.array(z.object({ weekday: Count, hour: Count, reported: Count })),
    weekdays: z.array(z.object({ weekday: Count, days: Count })).openapi({ description: 'How many of each the period has' }),
    byLevel: z.array(z.object({ level: LevelSchema, ...Tally, open: Count, overdue: Count })),
    byPlace: z.array(
      z.object({
        code: z.string(),
        ...Tally,
        open: Count,
        overdue: Count,
        toAnswer: Count,
        answeredLate: Count,
        declined: Count,
        responseRate: z.number().nullable(),
        onTimeRate: z.number().nullable(),
      }),
    ),
    backlog: z.array(z.object({ age: z.enum(AGES), open: Count, overdue: Count, suspended: Count })),
  })
  .openapi('DayFigures');
export type DayFigures = z.infer<typeof DaySchema>;

export const BehindSchema = z
  .object({
    items: z.array(
      z.object({
        id: z.uuid(),
        number: z.string(),
        category: z.string(),
        level: LevelSchema,
        state: z.enum(STATE_NAMES),
        subdistrict: z.string(),
        community: z.string(),
        reportedAt: z.iso.datetime(),
        at: z.iso.datetime().openapi({ description: 'When it came into the set' }),
        late: z.boolean().nullable(),
        used: z.number().nullable().openapi({ description: 'Share of the limit that was used; of `rung`: seconds' }),
      }),
    ),
    next: z.string().nullable(),
  })
  .openapi('BehindFigure');
export type Behind = z.infer<typeof BehindSchema>;

export const DefinitionsSchema = z.object({
  items: z.array(
    z.object({
      name: z.enum(FIGURE_NAMES),
      title: Words,
      unit: z.enum(['percent', 'seconds']),
      target: z.number(),
      formula: Words,
      counted: Words,
      leftOut: Words,
      source: Words,
    }),
  ),
  next: z.null(),
});

export const ExportQuery = z.object({ ...period, ...narrowed, language: z.enum(['zh-CN', 'en']).default('zh-CN') });
export type ExportQuery = z.infer<typeof ExportQuery>;
