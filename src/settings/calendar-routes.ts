/** The working calendar over HTTP: everybody reads it; district and administrator change it, and see before what it does. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { missingYears } from '../dispatch/chain/missing-years.ts';
import type { Rules } from '../dispatch/chain/levels.ts';
import type { RecountEffect } from '../dispatch/recount-effect.ts';
import type { RecountProgress } from '../dispatch/recount-walks.ts';
import { workingCalendar } from '../dispatch/rules.ts';
import { FIRST_YEAR, LAST_YEAR } from '../grid/calendar-days.ts';
import { type CalendarBook, editCalendar } from '../grid/calendar-edit.ts';
import type { CalendarFault } from '../grid/calendar-faults.ts';
import { basisOf, readCalendarBook, saveCalendar } from '../grid/calendar-store.ts';
import { hasAbility } from '../identity/abilities.ts';
import { newRouter, problem, type AppEnv } from '../router.ts';
import { answers, json } from '../route-parts.ts';
import { CalendarEditSchema, CalendarQuery, CalendarSchema, EffectSchema, RecountSchema } from './calendar-schemas.ts';
import { shownInChina } from '../china-time.ts';

export interface CalendarRoutesDeps {
  readonly db: Kysely<Schema>;
  readonly district: number;
  readonly clock: { now(): Date };
  readonly rules: () => Rules;
  /** Makes this node go by what was written. */
  readonly refresh: () => Promise<void>;
  /** What open incidents would do under other rules. */
  readonly effect: (rules: Rules) => Promise<RecountEffect>;
  readonly progress: () => Promise<RecountProgress | null>;
  /** Deadlines follow now, and not at the next look. */
  readonly recount: () => void;
}

const tags = ['settings'];
const body = { required: true, ...json(CalendarEditSchema) };

const getCalendar = createRoute({
  method: 'get',
  path: '/calendar',
  tags,
  summary: '工作日历 The working calendar of a year, with hours and missing years',
  request: { query: CalendarQuery },
  responses: { 200: answers(CalendarSchema, 'The calendar; `days` is empty for a year that it does not have') },
});
const putCalendar = createRoute({
  method: 'put',
  path: '/calendar',
  tags,
  summary: '改工作日历 Change days, working hours, or add a year; deadlines of open incidents follow',
  request: { body },
  responses: {
    200: answers(z.object({ changed: z.number().int(), recount: RecountSchema.nullable(), basis: z.string() }), 'Saved, all of it'),
  },
});
const preview = createRoute({
  method: 'post',
  path: '/calendar/preview',
  tags,
  summary: '预看影响 How many open incidents would have another deadline, and by how much; nothing is saved',
  request: { body },
  responses: { 200: answers(EffectSchema, 'What saving would do') },
});
const getRecount = createRoute({
  method: 'get',
  path: '/calendar/recount',
  tags,
  summary: '重算进度 How far deadlines have followed the newest edit',
  responses: { 200: answers(z.object({ recount: RecountSchema.nullable() }), 'null when there was no edit yet') },
});

export function calendarRoutes({ db, district, clock, rules, ...deps }: CalendarRoutesDeps): OpenAPIHono<AppEnv> {
  const mayEdit = (c: Context<AppEnv>) => hasAbility(c.var.actor.role, 'settings');
  return newRouter()
    .openapi(getCalendar, async (c) => {
      const book = await readCalendarBook(db, district);
      const now = clock.now();
      return c.json(calendarToWire(book, c.req.valid('query').year ?? chinaYear(now), now), 200);
    })
    .openapi(putCalendar, async (c) => {
      if (!mayEdit(c)) return problem(c, 'not-allowed', 'the calendar is changed by district and administrator');
      const { basis, ...edit } = c.req.valid('json');
      const saved = await saveCalendar(db, district, edit, { account: c.var.actor.account, basis });
      if (!saved.ok) return saved.code === 'invalid-calendar' ? faulty(c, saved.faults) : problem(c, saved.code);
      await deps.refresh();
      deps.recount();
      return c.json({ changed: saved.changed, recount: toWire(await deps.progress()), basis: basisOf(saved.book) }, 200);
    })
    .openapi(preview, async (c) => {
      if (!mayEdit(c)) return problem(c, 'not-allowed', 'the calendar is changed by district and administrator');
      const { basis, ...edit } = c.req.valid('json');
      const book = await readCalendarBook(db, district);
      if (basis !== undefined && basis !== basisOf(book)) return problem(c, 'settings-changed');
      const edited = editCalendar(book, edit);
      if (!edited.ok) return faulty(c, edited.faults);
      const { examples, ...effect } = await deps.effect({ ...rules(), calendar: calendarOf(edited.book) });
      return c.json({ ...effect, examples: [...examples] }, 200);
    })
    .openapi(getRecount, async (c) => {
      if (!mayEdit(c)) return problem(c, 'not-allowed', 'the recount is shown to district and administrator');
      return c.json({ recount: toWire(await deps.progress()) }, 200);
    });
}

function faulty(c: Context<AppEnv>, faults: readonly CalendarFault[]) {
  const [first] = faults;
  return problem(c, 'invalid-calendar', first?.what.en, { faults, ...(first === undefined ? {} : { whatToDo: first.whatToDo }) });
}

function calendarOf({ days, hours }: CalendarBook) {
  return workingCalendar({ days: new Map([...days].map(([day, { working }]) => [day, working])), hours });
}

function calendarToWire(book: CalendarBook, year: number, now: Date) {
  const all = [...book.days.values()];
  const years = [...new Set(all.map(({ day }) => Number(day.slice(0, 4))))];
  const has = (y: number) => book.days.has(`${y}-01-01`) && book.days.has(`${y}-12-31`);
  const running = chinaYear(now);
  return {
    year,
    days: all.filter(({ day }) => day.startsWith(`${year}-`)),
    hours: [...book.hours],
    years: years.filter(has),
    missing: missingYears(calendarOf(book), now),
    fillable: [running, running + 1, running + 2].filter((y) => !has(y) && y >= FIRST_YEAR && y <= LAST_YEAR),
    basis: basisOf(book),
  };
}

function toWire(progress: RecountProgress | null) {
  if (progress === null) return null;
  return { ...progress, askedAt: progress.askedAt.toISOString(), finishedAt: progress.finishedAt?.toISOString() ?? null };
}

function chinaYear(now: Date): number {
  return shownInChina(now.getTime()).getUTCFullYear();
}
