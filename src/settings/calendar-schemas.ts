/** The working calendar as the outside sees it: bodies and answers. */
import { z } from '@hono/zod-openapi';
import { LEVELS } from '../dispatch/chain/incident.ts';
import { DAY_KINDS } from '../grid/calendar-days.ts';
import { CHANGE_KINDS } from '../grid/calendar-edit.ts';

/** PostgreSQL cannot keep NUL, nor half of a surrogate pair. */
const label = z
  .string()
  .trim()
  .max(60)
  .refine((s) => !s.includes('\u0000') && s.isWellFormed(), 'text must be well-formed and without NUL');
const status = z.enum(['announced', 'provisional']);
const span = z.object({ from: z.string().max(5).openapi({ example: '08:30' }), to: z.string().max(5).openapi({ example: '12:00' }) });

export const CalendarQuery = z.object({
  year: z
    .string()
    .regex(/^20\d{2}$/)
    .transform(Number)
    .optional()
    .openapi({ description: 'Absent: the year that runs', example: '2026' }),
});

export const CalendarSchema = z
  .object({
    year: z.number().int(),
    days: z.array(
      z.object({
        day: z.string().openapi({ example: '2026-10-01' }),
        kind: z.enum(DAY_KINDS),
        working: z.boolean(),
        statutory: z.boolean(),
        labelZh: z.string(),
        labelEn: z.string(),
        status,
      }),
    ),
    hours: z.array(span),
    years: z.array(z.number().int()).openapi({ description: 'Years that the calendar has' }),
    missing: z.array(z.number().int()).openapi({ description: 'Years that it should have by now; there Monday to Friday count' }),
    fillable: z
      .array(z.number().int())
      .openapi({ description: 'Years that can be added with weekends and statutory days, as provisional' }),
    basis: z.string().openapi({ description: 'Send it with an edit, so that nobody else’s edit is overwritten' }),
  })
  .openapi('WorkingCalendar');

export const CalendarEditSchema = z
  .object({
    basis: z.string().max(60).optional(),
    fill: z.array(z.number().int()).max(5).optional().openapi({ description: 'Years to add: weekends and statutory days, provisional' }),
    days: z
      .array(
        z.object({
          from: z.string().max(10).openapi({ example: '2026-10-01' }),
          to: z.string().max(10).openapi({ example: '2026-10-07' }),
          kind: z.enum(CHANGE_KINDS).optional().openapi({ description: '`usual`: what the weekday says; absent: the kind stays' }),
          labelZh: label.optional(),
          labelEn: label.optional(),
          statutory: z.boolean().optional(),
          status: status.optional().openapi({ description: 'Absent: `announced`' }),
        }),
      )
      .max(200)
      .optional(),
    hours: z.array(span).max(20).optional().openapi({ description: 'All spans of a working day, in order and apart' }),
  })
  .openapi('CalendarEdit');

export const EffectSchema = z
  .object({
    open: z.number().int(),
    moving: z.number().int(),
    remindersOnly: z.number().int(),
    later: z.number().int(),
    sooner: z.number().int(),
    longestMs: z.number(),
    overdueAtOnce: z.number().int(),
    examples: z.array(
      z.object({
        id: z.string(),
        number: z.string(),
        level: z.enum(LEVELS),
        clock: z.string(),
        from: z.string(),
        to: z.string(),
      }),
    ),
  })
  .openapi('CalendarEffect');

export const RecountSchema = z
  .object({
    version: z.number().int(),
    account: z.string(),
    askedAt: z.string(),
    open: z.number().int(),
    looked: z.number().int(),
    moved: z.number().int(),
    finishedAt: z.string().nullable(),
  })
  .openapi('Recount');
