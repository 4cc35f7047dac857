/** What must hold between the rows of the category table, and between it and the unit types. Pure. */
import { type Finding, finding } from './findings.ts';
import { doubled, type Numbered } from './read-rows.ts';
import type { CategoryRow, UnitTypeRow } from './rows.ts';

export const KIND_LETTER = { component: 'C', event: 'E', security: 'S', livelihood: 'L' } as const satisfies Record<
  CategoryRow['kind'],
  string
>;
type Limit = Pick<CategoryRow, 'limit_value' | 'limit_unit' | 'clock' | 'danger' | 'nuisance'>;

/** Hours of a workday as the tables of city offices count it for grading; deadlines use the district's own working hours. */
const GRADING_WORKDAY_HOURS = 8;
const MINUTES = { minutes: 1, hours: 60, workdays: GRADING_WORKDAY_HOURS * 60 } as const;
const LIMIT_PAIRS = new Set(['minutes continuous', 'hours continuous', 'hours working', 'workdays working']);
/** Local codes count down from 99, so that a standard's own codes, which count up, never meet them. */
const LOWEST_LOCAL_CODE = 80;

/**
 * 等级: by limit – continuous ≤ 60 min R1, ≤ 4 h R2, ≤ 24 h R3; working ≤ 1 workday R3; else R4 – and by danger at least R2. The graver
 * holds. A nuisance counts at any hour, but its limit alone never makes it graver than R3.
 */
export function levelOf(row: Limit): CategoryRow['level'] {
  const minutes = row.limit_value * MINUTES[row.limit_unit];
  let byLimit =
    row.clock === 'continuous' ? (minutes <= 60 ? 1 : minutes <= 240 ? 2 : minutes <= 1440 ? 3 : 4) : minutes <= MINUTES.workdays ? 3 : 4;
  if (row.nuisance) byLimit = Math.max(byLimit, 3);
  return `R${Math.min(byLimit, row.danger ? 2 : 4)}` as CategoryRow['level'];
}

export function checkCategories(
  rows: readonly Numbered<CategoryRow>[],
  unitTypes: ReadonlyMap<string, Pick<UnitTypeRow, 'may_lead'>>,
): Finding[] {
  return [
    ...doubled(rows, 'row', (row) => row.code),
    ...rows.flatMap(({ number, value }) => checkRow(number, value, unitTypes)),
    ...checkNames(rows),
    ...checkConditions(rows),
    ...checkKeywords(rows),
  ];
}

function checkRow(number: number, row: CategoryRow, unitTypes: ReadonlyMap<string, Pick<UnitTypeRow, 'may_lead'>>): Finding[] {
  const found: Finding[] = [];
  const say = (column: string, ...rest: [Parameters<typeof finding>[2], Parameters<typeof finding>[3]?]) =>
    found.push(finding(number, column, ...rest));
  const category = `${KIND_LETTER[row.kind]}${row.class_code}${row.category_code}`;
  if (row.category !== category) say('category', 'code-mismatch', { value: row.category, expected: category });
  if (row.code !== `${category}-${row.condition_code}`)
    say('row', 'code-mismatch', { value: row.code, expected: `${category}-${row.condition_code}` });
  if (row.origin === 'local' && Number(row.category_code) < LOWEST_LOCAL_CODE)
    say('category_code', 'local-code-low', { value: row.category_code });
  if (!LIMIT_PAIRS.has(`${row.limit_unit} ${row.clock}`)) {
    say('limit_unit', 'limit-pair', { value: `${row.limit_value} ${row.limit_unit} ${row.clock}` });
  } else {
    const level = levelOf(row);
    if (row.level !== level) say('level', 'level-rule', { value: row.level, expected: level });
    else if ((level === 'R1' || level === 'R2') && row.clock !== 'continuous') say('clock', 'grave-not-continuous', { value: level });
  }
  if (row.danger && row.nuisance) say('nuisance', 'danger-and-nuisance');
  if (row.evidence_close && (row.level === 'R1' || row.level === 'R2')) say('evidence_close', 'evidence-too-grave', { value: row.level });
  if (row.settle_on_spot && row.level === 'R1') say('settle_on_spot', 'spot-too-grave');
  const known = [...unitTypes.keys()].join(', ');
  const lead = unitTypes.get(row.lead_type);
  if (!lead) say('lead_type', 'unknown', { value: row.lead_type, expected: known });
  else if (!lead.may_lead) say('lead_type', 'may-not-lead', { value: row.lead_type });
  for (const type of row.assist_types) if (!unitTypes.has(type)) say('assist_types', 'unknown', { value: type, expected: known });
  if (row.assist_types.includes(row.lead_type)) say('assist_types', 'lead-assists', { value: row.lead_type });
  return found;
}

/** A class has one name, a category one name, one set of keywords and one origin. */
function checkNames(rows: readonly Numbered<CategoryRow>[]): Finding[] {
  const found: Finding[] = [];
  const first = new Map<string, { number: number; text: string }>();
  const same = (number: number, column: string, key: string, text: string, value: string) => {
    const earlier = first.get(key);
    if (!earlier) first.set(key, { number, text });
    else if (earlier.text !== text) found.push(finding(number, column, 'named-twice', { value, other: earlier.number }));
  };
  for (const { number, value: row } of rows) {
    same(number, 'class_zh', `class ${row.kind} ${row.class_code}`, `${row.class_zh}|${row.class_en}`, row.class_zh);
    const names = [row.name_zh, row.name_en, row.keywords.join(';'), row.origin].join('|');
    same(number, 'category_zh', `category ${row.category}`, names, row.name_zh);
  }
  return found;
}

function checkConditions(rows: readonly Numbered<CategoryRow>[]): Finding[] {
  const found: Finding[] = [];
  const byText = new Map<string, number>();
  const byCategory = new Map<string, Numbered<CategoryRow>[]>();
  for (const row of rows) {
    const { number, value } = row;
    // Two categories may be opened by the same words (“破损”) in a city's table; within one they would be indistinguishable.
    const key = `${value.category} ${value.open_zh}`;
    const other = byText.get(key);
    if (other === undefined) byText.set(key, number);
    else found.push(finding(number, 'open_zh', 'same-condition', { other }));
    byCategory.set(value.category, [...(byCategory.get(value.category) ?? []), row]);
  }
  for (const [category, conditions] of byCategory) {
    const numbers = [...new Set(conditions.map(({ value }) => Number(value.condition_code)))].sort((a, b) => a - b);
    if (numbers.some((n, k) => n !== k + 1))
      found.push(finding(conditions[0]!.number, 'condition_code', 'condition-order', { value: category }));
  }
  return found;
}

function checkKeywords(rows: readonly Numbered<CategoryRow>[]): Finding[] {
  const found: Finding[] = [];
  const owner = new Map<string, string>();
  for (const { number, value } of rows) {
    for (const word of value.keywords) {
      const other = owner.get(word);
      if (other === undefined) owner.set(word, value.category);
      else if (other !== value.category) found.push(finding(number, 'keywords_zh', 'keyword-shared', { value: word, other }));
    }
  }
  return found;
}
