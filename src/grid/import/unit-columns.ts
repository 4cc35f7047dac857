/** Units as offices list them: Chinese column names, names instead of codes, and what follows from the position left out. Pure. */
import type { Sheet, SheetRow } from './sheet.ts';

const COLUMNS: ReadonlyMap<string, string> = new Map([
  ['编码', 'code'],
  ['单位编码', 'code'],
  ['名称', 'name_zh'],
  ['单位名称', 'name_zh'],
  ['英文名称', 'name_en'],
  ['类型', 'type'],
  ['单位类型', 'type'],
  ['街镇', 'subdistrict'],
  ['社区', 'community'],
  ['经度', 'lng'],
  ['纬度', 'lat'],
  ['服务范围', 'scope'],
  ['班次', 'shift_pattern'],
  ['班组数', 'crews'],
  ['替补单位', 'stand_in_unit'],
  ['替补职责', 'stand_in_duty'],
]);

/** Chinese name → code, of each thing that a unit refers to. */
export interface UnitNames {
  readonly types: ReadonlyMap<string, string>;
  readonly subdistricts: ReadonlyMap<string, string>;
  readonly communities: ReadonlyMap<string, string>;
  readonly shiftPatterns: ReadonlyMap<string, string>;
  readonly units: ReadonlyMap<string, string>;
  place(lng: number, lat: number): { readonly community: string; readonly subdistrict: string } | null;
}

/** The same sheet with the columns of the table. What is unknown is left as it was written: the checks name it. */
export function withUnitColumns(sheet: Sheet, names: UnitNames): Sheet {
  const renamed = sheet.rows.map(({ number, cells }) => ({
    number,
    cells: new Map([...cells].map(([name, text]) => [COLUMNS.get(name) ?? name, text])),
  }));
  const units = new Map(names.units);
  for (const { cells } of renamed) if (cells.get('name_zh')) units.set(cells.get('name_zh')!, cells.get('code') ?? '');
  const rows = renamed.map((row) => completed(row, { ...names, units }));
  return { columns: sheet.columns.map((name) => COLUMNS.get(name) ?? name), rows };
}

function completed({ number, cells }: SheetRow, names: UnitNames): SheetRow {
  const row = new Map(cells);
  const codeFor = (column: string, known: ReadonlyMap<string, string>) => {
    const text = row.get(column);
    if (text) row.set(column, known.get(text) ?? text);
  };
  codeFor('type', names.types);
  codeFor('subdistrict', names.subdistricts);
  codeFor('community', names.communities);
  codeFor('shift_pattern', names.shiftPatterns);
  codeFor('stand_in_unit', names.units);
  const place = names.place(Number(row.get('lng') || NaN), Number(row.get('lat') || NaN));
  const fill = (column: string, text: string | undefined) => {
    if (!row.get(column) && text !== undefined) row.set(column, text);
  };
  // '' where there is no place: the position is then what is wrong, and not a column that the file lacks.
  fill('community', place?.community ?? '');
  fill('subdistrict', row.get('community')?.slice(0, 9));
  fill('scope', row.get('subdistrict'));
  const scope = (row.get('scope') ?? '')
    .split(/[;；、]/)
    .map((name) => name.trim())
    .filter(Boolean);
  row.set('scope', scope.map((name) => names.subdistricts.get(name) ?? name).join(';'));
  fill('scope_kind', new Set(scope).size === names.subdistricts.size ? 'district' : 'area');
  fill('stand_in_duty', 'full');
  // The code is Latin letters, so an English page can show it until somebody writes a name.
  fill('name_en', row.get('code'));
  return { number, cells: row };
}
