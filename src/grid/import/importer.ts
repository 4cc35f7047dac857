/** A file of cells, units, categories or calendar years into the database: all of it, or – with one bad row, or as a dry run – nothing. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import { bumpSettings } from '../../db/settings-version.ts';
import { buildLocator } from '../locate.ts';
import { readCells as readCellTable, readCommunities, readDistrict, readSubdistricts } from '../places.ts';
import { replaceDays } from '../calendar-store.ts';
import { checkCalendar } from './calendar-checks.ts';
import { checkCategories } from './category-checks.ts';
import { checkCells, readCells } from './cell-checks.ts';
import { type Finding, finding } from './findings.ts';
import { fromNineColumns, isNineColumns, OFFICE_COLUMN } from './nine-columns.ts';
import { readRows } from './read-rows.ts';
import { CalendarDayRow, CategoryRow, UnitRow } from './rows.ts';
import { mendSeams } from './seams.ts';
import { makeMissingCrews } from '../rosters/crews.ts';
import { bumpRosters } from '../rosters/rosters.ts';
import { decodeText, readSheetFile } from './sheet.ts';
import { withUnitColumns } from './unit-columns.ts';
import { checkUnits } from './unit-checks.ts';
import { replaceCells, writeCategories, writeUnits } from './write.ts';

export const IMPORT_SUBJECTS = ['cells', 'units', 'categories', 'calendar'] as const;
export type ImportSubject = (typeof IMPORT_SUBJECTS)[number];

export interface ImportOptions {
  /** Checks everything and writes nothing. */
  readonly dryRun: boolean;
  /** For 处置单位 that the tables do not know: the office's name → code of a unit type. */
  readonly unitTypes?: ReadonlyMap<string, string>;
  /** Who imports; absent: somebody at the server's own terminal. */
  readonly account?: string;
}

export interface ImportOutcome {
  readonly subject: ImportSubject;
  readonly dryRun: boolean;
  /** Rows, or features, that were read without fault. */
  readonly rows: number;
  /** 0 with findings and in a dry run. */
  readonly written: number;
  /** By row, then as found. */
  readonly findings: readonly Finding[];
}

/** What a file comes to: what is wrong with it, or how to write it. */
interface Plan {
  readonly rows: number;
  readonly findings: readonly Finding[];
  write(tx: Kysely<Schema>): Promise<unknown>;
}

/** One import at a time in a database: the second checks against what the first has written. */
const LOCK = 441802002;

/** `importFile` for one district. @param refresh  makes this node go by what was written; the others are told by the write itself. */
export function importInto(db: Kysely<Schema>, district: number, refresh: () => Promise<unknown>) {
  return async (subject: ImportSubject, bytes: Uint8Array, options: ImportOptions): Promise<ImportOutcome> => {
    const outcome = await importFile(db, district, subject, bytes, options);
    if (outcome.written > 0) await refresh();
    return outcome;
  };
}

/** After `written > 0` every node that runs reads the tables again. @throws what the database throws; nothing is written then. */
export async function importFile(
  db: Kysely<Schema>,
  district: number,
  subject: ImportSubject,
  bytes: Uint8Array,
  options: ImportOptions,
): Promise<ImportOutcome> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx);
    const known = await tx.selectFrom('district').select('district').where('district', '=', district).executeTakeFirst();
    const plan = known
      ? await PLANS[subject](tx, district, bytes, options)
      : refused([finding(null, null, 'no-district', { value: district })]);
    const findings = [...plan.findings].sort((a, b) => (a.row ?? 0) - (b.row ?? 0));
    const writes = findings.length === 0 && !options.dryRun;
    if (writes) {
      await plan.write(tx);
      await bumpSettings(tx, district);
    }
    return { subject, dryRun: options.dryRun, rows: plan.rows, written: writes ? plan.rows : 0, findings };
  });
}

type Planner = (tx: Kysely<Schema>, district: number, bytes: Uint8Array, options: ImportOptions) => Promise<Plan>;

const PLANS = { cells: planCells, units: planUnits, categories: planCategories, calendar: planCalendar } as const satisfies Record<
  ImportSubject,
  Planner
>;

async function planCells(tx: Kysely<Schema>, district: number, bytes: Uint8Array): Promise<Plan> {
  let text: string;
  try {
    text = decodeText(bytes);
  } catch (error) {
    return refused([finding(null, null, 'not-geojson', { why: error instanceof Error ? error.message : 'UTF-8' })]);
  }
  const { rows, findings } = readCells(text);
  const { geometry: outline } = await readDistrict(tx, district);
  const communities = new Map((await readCommunities(tx, district)).map((community) => [community.code, community]));
  return {
    rows: rows.length,
    findings: [...findings, ...checkCells(rows, { outline, communities })],
    async write(into) {
      const cells = rows.map((row) => row.value);
      const mended = mendSeams(
        cells.map((cell) => cell.geometry),
        outline,
      );
      await replaceCells(
        into,
        district,
        cells.map((cell, k) => ({ ...cell, geometry: mended[k]! })),
      );
    },
  };
}

async function planUnits(tx: Kysely<Schema>, district: number, bytes: Uint8Array): Promise<Plan> {
  const read = await readSheetFile(bytes);
  if ('findings' in read) return refused(read.findings);
  const named = <T extends { code: string; name_zh: string }>(rows: readonly T[]) => ({
    byCode: new Map(rows.map((row) => [row.code, row])),
    byName: new Map(rows.map((row) => [row.name_zh, row.code])),
  });
  const unitTypes = named(await tx.selectFrom('unit_type').select(['code', 'name_zh']).where('district', '=', district).execute());
  const shiftPatterns = named(await tx.selectFrom('shift_pattern').select(['code', 'name_zh']).where('district', '=', district).execute());
  const units = named(await tx.selectFrom('unit').select(['code', 'name_zh', 'type']).where('district', '=', district).execute());
  const subdistricts = await readSubdistricts(tx, district);
  const communities = await readCommunities(tx, district);
  const locator = buildLocator(await readCellTable(tx, district));
  const place = (lng: number, lat: number) => {
    const cell = locator.at(lng, lat);
    return cell === null ? null : { community: cell.slice(0, 12), subdistrict: cell.slice(0, 9) };
  };
  const sheet = withUnitColumns(read.sheet, {
    types: unitTypes.byName,
    shiftPatterns: shiftPatterns.byName,
    units: units.byName,
    subdistricts: new Map(subdistricts.map((row) => [row.nameZh, row.code])),
    communities: new Map(communities.map((row) => [row.nameZh, row.code])),
    place,
  });
  const { rows, findings: refusedFields } = readRows(sheet, UnitRow);
  const findings = refusedFields.filter((found) => !needsPosition(found));
  for (const { number, cells } of sheet.rows) {
    const misread = findings.some(({ row, column }) => row === number && (column === 'lng' || column === 'lat'));
    if (cells.get('community') === '' && !misread) {
      findings.push(finding(number, 'lng', 'outside', { value: '本区 the district', expected: '区外 no cell' }));
    }
  }
  // A row that was refused for one field still exists: whoever names it as a stand-in is not wrong.
  const inFile = new Set(rows.map((row) => row.value.code));
  const refusedUnits = sheet.rows.filter(({ cells }) => cells.get('code') && !inFile.has(cells.get('code')!));
  const otherUnits = new Map<string, { type: string }>(units.byCode);
  for (const { cells } of refusedUnits) otherUnits.set(cells.get('code')!, { type: cells.get('type') ?? '' });
  const world = {
    unitTypes: unitTypes.byCode,
    shiftPatterns: shiftPatterns.byCode,
    subdistricts: new Map(subdistricts.map((row) => [row.code, row])),
    otherUnits,
    place,
  };
  const values = rows.map((row) => row.value);
  return {
    rows: rows.length,
    findings: [...findings, ...checkUnits(rows, world)],
    async write(into) {
      await writeUnits(into, district, values);
      await makeMissingCrews(into, district);
      await bumpRosters(into, district);
    },
  };
}

async function planCategories(tx: Kysely<Schema>, district: number, bytes: Uint8Array, options: ImportOptions): Promise<Plan> {
  const read = await readSheetFile(bytes);
  if ('findings' in read) return refused(read.findings);
  const types = await tx.selectFrom('unit_type').select(['code', 'name_zh', 'may_lead']).where('district', '=', district).execute();
  const typesByCode = new Map(types.map((type) => [type.code, type]));
  const stored = await tx.selectFrom('category').selectAll().where('district', '=', district).execute();
  const existing: CategoryRow[] = stored.map(({ district: _, ...row }) => row);
  if (!isNineColumns(read.sheet)) {
    const { rows, findings } = readRows(read.sheet, CategoryRow);
    return categoryPlan(district, rows, existing, typesByCode, findings);
  }
  const mapped = [...(options.unitTypes ?? [])];
  const unknown = mapped.filter(([, type]) => !typesByCode.has(type));
  if (unknown.length > 0) {
    return refused(
      unknown.map(([, type]) => finding(null, '处置单位', 'unknown', { value: type, expected: [...typesByCode.keys()].join(', ') })),
    );
  }
  const units = await tx.selectFrom('unit').select(['name_zh', 'type']).where('district', '=', district).execute();
  const typeByName = new Map([
    ...types.map((type): [string, string] => [type.name_zh, type.code]),
    ...types.map((type): [string, string] => [type.code, type.code]),
    ...units.map((unit): [string, string] => [unit.name_zh, unit.type]),
    ...mapped,
  ]);
  const { rows, findings } = fromNineColumns(read.sheet, { categories: existing, typeByName });
  const plan = categoryPlan(district, rows, existing, typesByCode, findings);
  const inOfficeColumns = plan.findings.map((found) => ({ ...found, column: OFFICE_COLUMN.get(found.column ?? '') ?? found.column }));
  return { ...plan, findings: inOfficeColumns };
}

async function planCalendar(tx: Kysely<Schema>, district: number, bytes: Uint8Array, { account }: ImportOptions): Promise<Plan> {
  const read = await readSheetFile(bytes);
  if ('findings' in read) return refused(read.findings);
  const { rows, findings } = readRows(read.sheet, CalendarDayRow);
  const yearOf = (row: (typeof rows)[number]) => Number(row.value.day.slice(0, 4));
  const years = [...new Set(rows.map(yearOf))];
  // A refused row is a missing day too: said once, by the row.
  const checked =
    findings.length > 0
      ? []
      : years.flatMap((year) =>
          checkCalendar(
            rows.filter((row) => yearOf(row) === year),
            year,
          ),
        );
  const days = rows.map(({ value: { weekday: _, label_zh, label_en, ...day } }) => ({ ...day, labelZh: label_zh, labelEn: label_en }));
  return {
    rows: rows.length,
    findings: [...findings, ...checked],
    write: (into) => replaceDays(into, district, days, account ?? 'import'),
  };
}

/** What is empty only because the position lies nowhere. */
function needsPosition({ column, code }: Finding): boolean {
  return code === 'empty' && (column === 'community' || column === 'subdistrict' || column === 'scope');
}

/** The rows of the file are checked together with those that stay: a keyword, a name or a condition may clash with either. */
function categoryPlan(
  district: number,
  rows: ReturnType<typeof readRows<CategoryRow>>['rows'],
  existing: readonly CategoryRow[],
  types: ReadonlyMap<string, { may_lead: boolean }>,
  findings: readonly Finding[],
): Plan {
  const inFile = new Set(rows.map((row) => row.value.code));
  const staying = existing.filter((row) => !inFile.has(row.code)).map((value) => ({ number: 0, value }));
  // What stays comes first, under row 0: a clash is then reported for the row of the file, and never for a row that nobody sent.
  const checked = checkCategories([...staying, ...rows], types).filter((found) => found.row !== 0);
  const values = rows.map((row) => row.value);
  return { rows: rows.length, findings: [...findings, ...checked], write: (into) => writeCategories(into, district, values) };
}

function refused(findings: readonly Finding[]): Plan {
  return { rows: 0, findings, write: () => Promise.resolve() };
}
