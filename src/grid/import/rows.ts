/** One schema per table: a row of text in, a row of the database out. The columns are those of `data/seed/*.csv`. Pure. */
import { z } from 'zod';
import { date, decimal, digits, en, flag, given, list, optional, optionalList, slug, time, whole, zh } from './fields.ts';

const level = given.pipe(z.enum(['R1', 'R2', 'R3', 'R4']));

export const UnitTypeRow = z.object({ code: slug, name_zh: zh, name_en: en, duty_zh: zh, duty_en: en, may_lead: flag });
export type UnitTypeRow = z.output<typeof UnitTypeRow>;

export const ShiftPatternRow = z.object({
  code: slug,
  name_zh: zh,
  name_en: en,
  spans: list.refine(
    (spans) => spans.every((s) => /^([01]\d|2[0-4]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d$/.test(s)),
    'wrong-form|HH:MM-HH:MM;…',
  ),
  days: given.pipe(z.enum(['daily', 'workdays'])),
  off_shift_zh: zh,
  off_shift_en: en,
});
export type ShiftPatternRow = z.output<typeof ShiftPatternRow>;

export const UnitRow = z.object({
  code: slug,
  name_zh: zh,
  name_en: en,
  type: given,
  subdistrict: digits(9),
  community: digits(12),
  lng: decimal(-180, 180),
  lat: decimal(-90, 90),
  scope_kind: given.pipe(z.enum(['area', 'district'])),
  scope: list,
  shift_pattern: given,
  crews: whole(1, 1000),
  stand_in_unit: given,
  stand_in_duty: given.pipe(z.enum(['full', 'secure-only'])),
});
export type UnitRow = z.output<typeof UnitRow>;

export const CategoryRow = z
  .object({
    row: given.regex(/^[CESL]\d{4}-\d{2}$/, 'wrong-form|C0101-01'),
    kind: given.pipe(z.enum(['component', 'event', 'security', 'livelihood'])),
    class_code: digits(2),
    class_zh: zh,
    class_en: en,
    category: given.regex(/^[CESL]\d{4}$/, 'wrong-form|C0101'),
    category_code: digits(2),
    category_zh: zh,
    category_en: en,
    condition_code: digits(2),
    open_zh: zh,
    open_en: en,
    close_zh: zh,
    close_en: en,
    limit_value: whole(1, 10_000),
    limit_unit: given.pipe(z.enum(['minutes', 'hours', 'workdays'])),
    clock: given.pipe(z.enum(['working', 'continuous'])),
    danger: flag,
    nuisance: flag,
    level,
    lead_type: given,
    assist_types: optionalList,
    settle_on_spot: flag,
    evidence_close: flag,
    keywords_zh: list,
    origin: given.pipe(z.enum(['standard', 'local'])),
  })
  .transform(({ row, category_zh, category_en, keywords_zh, ...same }) => ({
    ...same,
    code: row,
    name_zh: category_zh,
    name_en: category_en,
    keywords: keywords_zh,
  }));
export type CategoryRow = z.output<typeof CategoryRow>;

export const RunCardRow = z.object({
  code: given,
  match: given.pipe(z.enum(['row', 'category', 'class'])),
  target: given,
  level,
  lead_type: slug,
  lead_count: whole(1, 1),
  assisting: optionalList.refine(
    (entries) => (entries.length === 1 && entries[0] === 'row') || entries.every((entry) => /^[a-z0-9-]+:[1-9]$/.test(entry)),
    'wrong-form|row, type:1',
  ),
  radius_km: decimal(0.1, 60),
  subdistrict_told: flag,
  district_told: flag,
  leader_told: flag,
  name_zh: zh,
  name_en: en,
});
export type RunCardRow = z.output<typeof RunCardRow>;

export const CalendarDayRow = z
  .object({
    date,
    weekday: whole(1, 7),
    kind: given.pipe(z.enum(['workday', 'weekend', 'holiday', 'makeup_workday'])),
    working: flag,
    statutory: flag,
    label_zh: zh,
    label_en: en,
    status: given.pipe(z.enum(['announced', 'provisional'])),
  })
  .transform(({ date: day, ...same }) => ({ ...same, day }));
export type CalendarDayRow = z.output<typeof CalendarDayRow>;

export const WorkingHoursRow = z
  .object({ code: slug, from: time, to: time, label_zh: zh, label_en: en })
  .transform(({ from, to, ...same }) => ({ ...same, opens: from, closes: to }));
export type WorkingHoursRow = z.output<typeof WorkingHoursRow>;

export const LeaderRow = z.object({
  code: slug,
  person_zh: zh,
  person_en: en,
  post_zh: zh,
  post_en: en,
  subdistrict: digits(9),
  communities: list,
  community_count: whole(1, 1000),
});
export type LeaderRow = z.output<typeof LeaderRow>;

export const CommitteeRow = z.object({
  code: slug,
  tier: given.pipe(z.enum(['subdistrict', 'community'])),
  place: given.regex(/^(\d{9}|\d{12})$/, 'wrong-form|9 / 12'),
  name_zh: zh,
  name_en: en,
});
export type CommitteeRow = z.output<typeof CommitteeRow>;

export const MemberRow = z.object({
  code: slug,
  committee: slug,
  org_zh: zh,
  org_en: en,
  person_zh: zh,
  person_en: en,
  post_zh: zh,
  post_en: en,
  appointed: date,
  term_end: date,
  unit: optional.transform((s) => s || null),
});
export type MemberRow = z.output<typeof MemberRow>;
