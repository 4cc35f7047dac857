/** The files of the demo world under `data/`: read, and each row through its schema. */
import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import type { Area } from './geometry.ts';
import { inWords } from './import/findings.ts';
import { type Numbered, readRows } from './import/read-rows.ts';
import * as schemas from './import/rows.ts';
import { readSheetFile, type Sheet } from './import/sheet.ts';

/** From the file to the data, and not from the current folder: the server may be started anywhere. */
const DATA = new URL('../../data/', import.meta.url);

export interface DemoFeature {
  readonly properties: Readonly<Record<string, string | number>>;
  readonly geometry: Area;
}

/** `data/world/<name>.geojson`. */
export async function readDemoLayer(name: 'district' | 'subdistricts' | 'communities' | 'cells'): Promise<DemoFeature[]> {
  const text = await readFile(new URL(`world/${name}.geojson`, DATA), 'utf8');
  return (JSON.parse(text) as { features: DemoFeature[] }).features;
}

/** `data/seed/<name>.csv` as rows of text. @throws Error if it cannot be read. */
export async function readDemoSheet(name: string): Promise<Sheet> {
  const read = await readSheetFile(await readFile(new URL(`seed/${name}.csv`, DATA)));
  if ('sheet' in read) return read.sheet;
  throw new Error(`data/seed/${name}.csv: ${read.findings.map((found) => inWords(found, 'en')).join('; ')}`);
}

/** Tables that the database has, with the schema of their rows. */
export const DEMO_TABLES = {
  unit_types: schemas.UnitTypeRow,
  shift_patterns: schemas.ShiftPatternRow,
  units: schemas.UnitRow,
  categories: schemas.CategoryRow,
  run_cards: schemas.RunCardRow,
  calendar_2026: schemas.CalendarDayRow,
  calendar_2027: schemas.CalendarDayRow,
  working_hours: schemas.WorkingHoursRow,
  committees: schemas.CommitteeRow,
  members: schemas.MemberRow,
  leaders: schemas.LeaderRow,
} as const;
export type DemoTable = keyof typeof DEMO_TABLES;
type RowOf<T extends DemoTable> = z.output<(typeof DEMO_TABLES)[T]>;

/** @throws Error naming the first bad row: the files ship with the product and are checked by its tests. */
export async function readDemoTable<T extends DemoTable>(name: T): Promise<RowOf<T>[]> {
  const schema = DEMO_TABLES[name] as unknown as z.ZodType<RowOf<T>, unknown>;
  const { rows, findings } = readRows(await readDemoSheet(name), schema);
  if (findings[0]) throw new Error(`data/seed/${name}.csv: ${inWords(findings[0], 'en')}`);
  return rows.map((row: Numbered<RowOf<T>>) => row.value);
}
