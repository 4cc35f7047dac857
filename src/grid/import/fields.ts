/**
 * What fields of imported tables are made of. Pure.
 *
 * A refused field carries a fault code as its message, after `|` what was expected; `read-rows.ts` turns that into words.
 */
import { z } from 'zod';

const CHINESE = /[\u4e00-\u9fff]/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

export const given = z
  .string('missing-column')
  .refine((s) => s !== '', { error: 'empty', abort: true })
  .refine((s) => s.length <= 500, 'wrong-form|≤ 500');
export const optional = z.string('missing-column');
export const zh = given.refine((s) => CHINESE.test(s), 'not-chinese');
export const en = given.refine((s) => !CHINESE.test(s), 'not-english');
/** Codes that people type: small letters, digits and hyphens. */
export const slug = given.regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'wrong-form|a-z 0-9 -');
export const digits = (count: number) => given.regex(new RegExp(`^[0-9]{${count}}$`), `wrong-form|${count} 位数字 / ${count} digits`);
export const flag = given.pipe(z.enum(['0', '1'])).transform((s) => s === '1');
export const whole = (min: number, max: number) =>
  given
    .regex(/^\d{1,9}$/, `not-a-number|${min}–${max}`)
    .transform(Number)
    .refine((n) => n >= min && n <= max, `not-a-number|${min}–${max}`);
export const decimal = (min: number, max: number) =>
  given
    .regex(/^-?\d{1,9}(\.\d{1,12})?$/, `not-a-number|${min}–${max}`)
    .transform(Number)
    .refine((n) => n >= min && n <= max, `not-a-number|${min}–${max}`);
/** `a;b;c` */
const parts = (text: string) =>
  text
    .split(/[;；]/)
    .map((part) => part.trim())
    .filter(Boolean);
export const list = given.transform(parts);
export const optionalList = optional.transform(parts);
export const date = given.regex(DATE, 'wrong-form|YYYY-MM-DD').refine(isDate, 'wrong-form|YYYY-MM-DD');
export const time = given.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'wrong-form|HH:MM');

/** `2027-02-30` has the form of a date and is none. */
function isDate(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
