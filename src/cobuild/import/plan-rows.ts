/** A plan table as a file has it: columns of `data/seed/plans.csv`. What is worked out from the others – shares, state – is not read. Pure. */
import { z } from 'zod';
import { date, en, given, slug, whole, zh } from '../../grid/import/fields.ts';
import { type Finding, finding } from '../../grid/import/findings.ts';
import { doubled, type Numbered } from '../../grid/import/read-rows.ts';
import { unknown } from './unknown.ts';

export const PlanRow = z.object({
  code: slug,
  parent: given.transform((parent) => (parent === 'none' ? null : parent)),
  level: given.pipe(z.enum(['plan', 'phase', 'task'])),
  place: given.regex(/^(\d{6}|\d{9}|\d{12})$/, 'wrong-form|6 / 9 / 12'),
  owner_unit: slug,
  name_zh: zh,
  name_en: en,
  starts: date,
  ends: date,
  measure_zh: zh,
  measure_en: en,
  target: whole(1, 1_000_000),
  done: whole(0, 1_000_000),
});
export type PlanRow = z.output<typeof PlanRow>;

const ABOVE = { plan: null, phase: 'plan', task: 'phase' } as const;
const PARENTS = { plan: 'nothing', phase: 'plans', task: 'phases' } as const;

export interface KnownPlaces {
  readonly places: ReadonlySet<string>;
  readonly units: ReadonlySet<string>;
  /** Plans and phases that are there: a file may add tasks below them. */
  readonly plans: ReadonlyMap<string, Pick<PlanRow, 'level' | 'starts' | 'ends'>>;
}

/** What must hold between rows, and between rows and the places and units of the district. */
export function checkPlans(rows: readonly Numbered<PlanRow>[], known: KnownPlaces): Finding[] {
  const found = doubled(rows, 'code', (row) => row.code);
  const byCode = new Map<string, Pick<PlanRow, 'level' | 'starts' | 'ends'>>(known.plans);
  for (const { value } of rows) byCode.set(value.code, value);
  for (const { number, value } of rows) {
    if (!known.places.has(value.place)) found.push(unknown(number, 'place', value.place, 'places'));
    if (!known.units.has(value.owner_unit)) {
      found.push(unknown(number, 'owner_unit', value.owner_unit, 'units'));
    }
    if (value.starts > value.ends) found.push(finding(number, 'ends', 'term-order', { value: `${value.starts}–${value.ends}` }));
    if (value.done > value.target) {
      found.push(finding(number, 'done', 'not-a-number', { value: value.done, expected: `0–${value.target}` }));
    }
    const parent = value.parent === null ? null : (byCode.get(value.parent) ?? undefined);
    if (parent === undefined || (parent?.level ?? null) !== ABOVE[value.level]) {
      found.push(unknown(number, 'parent', value.parent ?? 'none', PARENTS[value.level]));
    } else if (parent !== null && !(parent.starts <= value.starts && value.ends <= parent.ends)) {
      found.push(finding(number, 'starts', 'term-order', { value: `${parent.starts}–${parent.ends}` }));
    }
  }
  return found;
}
