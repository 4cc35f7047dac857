/** Why something of 共建共治 was not done. Refusals are values; a code without status and words does not compile. Pure. */
import { NEEDS_PROBLEMS } from './needs-refusals.ts';
import { PEOPLE_PROBLEMS } from './people-refusals.ts';

/** Status, what happened, and what to do next in both languages; a part of the table in `errors.ts`. */
export const COBUILD_PROBLEMS = {
  'member-expired': {
    status: 403,
    title: 'The term is over',
    zh: '你的任期已经结束，不能再办；要续聘请联系所在的大工委或大党委',
    en: 'Your term is over. Ask the committee’s office to renew the appointment.',
  },
  'nothing-to-export': {
    status: 422,
    title: 'Nothing to export',
    zh: '没有可导出的内容，请先放宽筛选',
    en: 'There is nothing to export. Widen the filter first.',
  },
  ...PEOPLE_PROBLEMS,
  ...NEEDS_PROBLEMS,
} as const;

/** Some codes are shared with the other routes. */
export type CobuildCode =
  | keyof typeof COBUILD_PROBLEMS
  | 'no-such-move'
  | 'not-yours'
  | 'version-conflict'
  | 'missing-field'
  | 'date-in-past'
  | 'not-found'
  | 'not-allowed'
  | 'unknown-unit'
  | 'unknown-area'
  | 'unknown-photo'
  | 'second-person-needed'
  | 'too-late'
  | 'idempotency-key-reused';

export interface CobuildRefusal {
  readonly ok: false;
  readonly code: CobuildCode;
  /** What stands in the way, where there is such a thing; codes, dates and numbers only. */
  readonly about?: Readonly<Record<string, string | number>>;
}

export type CobuildAnswer<T> = { readonly ok: true; readonly value: T } | CobuildRefusal;

export function refused(code: CobuildCode, about?: CobuildRefusal['about']): CobuildRefusal {
  return about === undefined ? { ok: false, code } : { ok: false, code, about };
}
