/**
 * The table that city offices have, nine columns wide, → category rows. Pure.
 *
 * 类别, 大类, 小类, 处置单位, 主管部门, 立案条件, 结案条件, 处置时限, 备注. It has no codes: classes, categories and conditions that are
 * there by name keep theirs, new ones count down from 99 (conditions count up from 01). Cells left empty under a merged cell repeat it.
 */
import { KIND_LETTER, levelOf } from './category-checks.ts';
import { type Finding, finding } from './findings.ts';
import type { Numbered } from './read-rows.ts';
import type { CategoryRow } from './rows.ts';
import type { Sheet, SheetRow } from './sheet.ts';
import { parseTimeLimit } from './time-limit.ts';

const COLUMNS = ['类别', '大类', '小类', '处置单位', '主管部门', '立案条件', '结案条件', '处置时限', '备注'] as const;
/** 主管部门 and 备注 say nothing that a row must have. */
const NEEDED = COLUMNS.filter((column) => column !== '主管部门' && column !== '备注');
const MERGED = ['类别', '大类', '小类'] as const;
const KINDS = { 部件: 'component', 事件: 'event', 综治: 'security', 民生: 'livelihood' } as const satisfies Record<
  string,
  CategoryRow['kind']
>;
/** Words in 备注 that say what the nine columns have no place for. */
const DANGER = /危险|险情/;
const NUISANCE = /扰民/;

export interface NineColumnWorld {
  /** What the district has now. */
  readonly categories: readonly CategoryRow[];
  /** Name of a unit type or of a unit, as an office writes it → unit type. */
  readonly typeByName: ReadonlyMap<string, string>;
}

export function isNineColumns(sheet: Sheet): boolean {
  return sheet.columns.includes('小类') && sheet.columns.includes('处置时限');
}

/** Where the office's table says what a column of ours holds: findings name the column that the person sees. */
export const OFFICE_COLUMN: ReadonlyMap<string, string> = new Map([
  ['class_zh', '大类'],
  ['category_zh', '小类'],
  ['keywords_zh', '小类'],
  ['condition_code', '立案条件'],
  ['open_zh', '立案条件'],
  ['close_zh', '结案条件'],
  ['limit_unit', '处置时限'],
  ['clock', '处置时限'],
  ['level', '处置时限'],
  ['nuisance', '备注'],
  ['lead_type', '处置单位'],
  ['assist_types', '处置单位'],
]);

export function fromNineColumns(sheet: Sheet, world: NineColumnWorld): { rows: Numbered<CategoryRow>[]; findings: Finding[] } {
  const missing = NEEDED.filter((column) => !sheet.columns.includes(column));
  if (missing.length > 0) return { rows: [], findings: missing.map((column) => finding(1, column, 'missing-column', { column })) };
  const codes = new Codes(world.categories);
  const rows: Numbered<CategoryRow>[] = [];
  const findings: Finding[] = [];
  const above = new Map<string, string>();
  const firstRow = new Map<string, number>();
  for (const row of sheet.rows) {
    const before = findings.length;
    const read = readRow(row, above, world, findings);
    if (!read || findings.length > before) continue;
    const coded = codes.of(read);
    if (!coded) {
      findings.push(finding(row.number, '小类', 'codes-used-up', { value: read.class_zh }));
      continue;
    }
    const value = completed(read, coded, codes.ownerOf(read.name_zh));
    const other = firstRow.get(value.code);
    if (other !== undefined) {
      findings.push(finding(row.number, '立案条件', 'same-condition', { other }));
      continue;
    }
    firstRow.set(value.code, row.number);
    codes.keep(value);
    rows.push({ number: row.number, value });
  }
  return { rows, findings };
}

/** What one row says by itself. */
interface Read extends Pick<
  CategoryRow,
  'kind' | 'class_zh' | 'name_zh' | 'open_zh' | 'close_zh' | 'limit_value' | 'limit_unit' | 'clock' | 'lead_type'
> {
  readonly assist_types: readonly string[];
  readonly note: string;
}

function readRow(row: SheetRow, above: Map<string, string>, world: NineColumnWorld, findings: Finding[]): Read | null {
  const cell = (column: string) => row.cells.get(column) ?? '';
  MERGED.forEach((column, k) => {
    if (cell(column) === '') return;
    above.set(column, cell(column));
    // A new class has no category yet: the name above belongs to the old one.
    for (const inner of MERGED.slice(k + 1)) above.delete(inner);
  });
  const value = (column: (typeof COLUMNS)[number]) =>
    (MERGED as readonly string[]).includes(column) ? (above.get(column) ?? '') : cell(column);
  for (const column of NEEDED) if (value(column) === '') findings.push(finding(row.number, column, 'empty'));
  const kind = new Map(Object.entries(KINDS)).get(value('类别').replace(/[类(（].*$/, ''));
  if (!kind && value('类别') !== '') {
    findings.push(finding(row.number, '类别', 'not-allowed-value', { value: value('类别'), expected: Object.keys(KINDS).join('、') }));
  }
  const limit = parseTimeLimit(value('处置时限'));
  if (!limit && value('处置时限') !== '') findings.push(finding(row.number, '处置时限', 'limit-unreadable', { value: value('处置时限') }));
  const [lead, ...assisting] = typesOf(row.number, value('处置单位'), world, findings);
  if (!kind || !limit || lead === undefined) return null;
  return {
    kind,
    class_zh: value('大类'),
    name_zh: value('小类'),
    open_zh: value('立案条件'),
    close_zh: value('结案条件'),
    limit_value: limit.value,
    limit_unit: limit.unit,
    clock: limit.clock,
    lead_type: lead,
    assist_types: assisting,
    note: cell('备注'),
  };
}

/** The first unit is the lead, the others assist. */
function typesOf(number: number, text: string, world: NineColumnWorld, findings: Finding[]): string[] {
  const names = text
    .split(/[、，,;；/\n]/)
    .map((name) => name.trim())
    .filter(Boolean);
  const types = new Set<string>();
  for (const name of names) {
    const type = world.typeByName.get(name);
    if (type) types.add(type);
    else findings.push(finding(number, '处置单位', 'unknown', { value: name, expected: firstNames(world.typeByName).join('、') }));
  }
  return [...types];
}

/** One name for each unit type: that of the type itself comes before those of its units. */
function firstNames(typeByName: ReadonlyMap<string, string>): string[] {
  const names = new Map<string, string>();
  for (const [name, type] of typeByName) if (!names.has(type)) names.set(type, name);
  return [...names.values()];
}

interface Coded {
  readonly class_code: string;
  readonly category_code: string;
  readonly condition_code: string;
  /** The row that is there already under these names and this condition. */
  readonly same: CategoryRow | undefined;
  /** Any row of the category, and of the class, for what they have in common. */
  readonly sibling: CategoryRow | undefined;
  readonly classmate: CategoryRow | undefined;
}

function completed(read: Read, { same, sibling, classmate, ...codes }: Coded, keywordOwner: string | undefined): CategoryRow {
  const category = `${KIND_LETTER[read.kind]}${codes.class_code}${codes.category_code}`;
  const danger = same?.danger ?? DANGER.test(read.note);
  const nuisance = !danger && (same?.nuisance ?? NUISANCE.test(read.note));
  const level = levelOf({ ...read, danger, nuisance });
  const grave = level === 'R1' || level === 'R2';
  const assistants = read.assist_types.length > 0 ? read.assist_types : (same?.assist_types ?? []);
  return {
    ...codes,
    code: `${category}-${codes.condition_code}`,
    category,
    kind: read.kind,
    class_zh: read.class_zh,
    // The table is Chinese only: what has no English yet shows its Chinese name on the English pages too.
    class_en: classmate?.class_en ?? read.class_zh,
    name_zh: read.name_zh,
    name_en: sibling?.name_en ?? read.name_zh,
    open_zh: read.open_zh,
    open_en: same?.open_en ?? read.open_zh,
    close_zh: read.close_zh,
    close_en: same?.close_zh === read.close_zh ? same.close_en : read.close_zh,
    limit_value: read.limit_value,
    limit_unit: read.limit_unit,
    clock: read.clock,
    danger,
    nuisance,
    level,
    lead_type: read.lead_type,
    assist_types: assistants.filter((type) => type !== read.lead_type),
    settle_on_spot: level !== 'R1' && (same?.settle_on_spot ?? false),
    evidence_close: !grave && (same?.evidence_close ?? false),
    // A keyword points to one category: a name that is another one's keyword already cannot be this one's.
    keywords: sibling?.keywords ?? (keywordOwner === undefined || keywordOwner === category ? [read.name_zh] : []),
    origin: sibling?.origin ?? 'local',
  };
}

/** Which codes are taken, and by what name. */
class Codes {
  readonly #rows: CategoryRow[];
  readonly #classes = new Map<string, string>();
  readonly #categories = new Map<string, string>();
  readonly #conditions = new Map<string, string>();
  readonly #keywords = new Map<string, string>();

  constructor(rows: readonly CategoryRow[]) {
    this.#rows = [...rows];
    for (const row of rows) {
      this.#classes.set(classKey(row), row.class_code);
      this.#categories.set(categoryKey(row), row.category_code);
      this.#conditions.set(conditionKey(row), row.condition_code);
      this.keep(row);
    }
  }

  /** @returns null when there is no free code left. */
  of(read: Read): Coded | null {
    const classmate = this.#rows.find((row) => classKey(row) === classKey(read));
    const sibling = this.#rows.find((row) => categoryKey(row) === categoryKey(read));
    const same = this.#rows.find((row) => conditionKey(row) === conditionKey(read));
    const class_code = this.#classes.get(classKey(read)) ?? countDown(this.#taken(this.#classes, classRun(read)));
    if (class_code === null) return null;
    this.#classes.set(classKey(read), class_code);
    const category_code = this.#categories.get(categoryKey(read)) ?? countDown(this.#taken(this.#categories, classKey(read)));
    if (category_code === null) return null;
    this.#categories.set(categoryKey(read), category_code);
    const conditions = this.#taken(this.#conditions, categoryKey(read));
    const condition_code =
      this.#conditions.get(conditionKey(read)) ?? String(Math.max(0, ...[...conditions].map(Number)) + 1).padStart(2, '0');
    if (Number(condition_code) > 99) return null;
    this.#conditions.set(conditionKey(read), condition_code);
    return { class_code, category_code, condition_code, same, sibling, classmate };
  }

  /** A new category's keywords are taken from now on. */
  keep(row: CategoryRow): void {
    for (const word of row.keywords) this.#keywords.set(word, row.category);
  }

  /** The category that has this keyword. */
  ownerOf(keyword: string): string | undefined {
    return this.#keywords.get(keyword);
  }

  #taken(codes: ReadonlyMap<string, string>, within: string): Set<string> {
    return new Set([...codes].filter(([key]) => key.startsWith(`${within}|`)).map(([, code]) => code));
  }
}

type Named = Pick<CategoryRow, 'kind' | 'class_zh' | 'name_zh' | 'open_zh'>;

/** 综治 and 民生 classes share one run of codes. */
function classRun({ kind }: Pick<Named, 'kind'>): string {
  return kind === 'security' || kind === 'livelihood' ? 'SL' : KIND_LETTER[kind];
}

function classKey(row: Pick<Named, 'kind' | 'class_zh'>): string {
  return `${classRun(row)}|${row.kind}|${row.class_zh}`;
}

function categoryKey(row: Pick<Named, 'kind' | 'class_zh' | 'name_zh'>): string {
  return `${classKey(row)}|${row.name_zh}`;
}

function conditionKey(row: Named): string {
  return `${categoryKey(row)}|${row.open_zh}`;
}

function countDown(taken: ReadonlySet<string>): string | null {
  for (let code = 99; code > 0; code--) {
    const text = String(code).padStart(2, '0');
    if (!taken.has(text)) return text;
  }
  return null;
}
