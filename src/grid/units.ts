/** Who can be sent: unit types, units and their shifts. */
import type { Kysely, Selectable } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { ShiftPatternTable, UnitTable, UnitTypeTable } from '../db/tables/grid.ts';

export interface UnitType {
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly dutyZh: string;
  readonly dutyEn: string;
  readonly mayLead: boolean;
}

export interface Unit {
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly type: string;
  readonly subdistrict: string;
  readonly community: string;
  readonly position: { readonly lng: number; readonly lat: number };
  readonly scopeKind: 'area' | 'district';
  /** Codes of the subdistricts it serves. */
  readonly scope: readonly string[];
  readonly shiftPattern: string;
  readonly crews: number;
  readonly standInUnit: string;
  readonly standInDuty: 'full' | 'secure-only';
  /** Whether units of its type may be the lead. */
  readonly mayLead: boolean;
}

export interface ShiftPattern {
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
  /** `HH:MM`; `to` before `from` runs past midnight, `24:00` is the end of the day. */
  readonly spans: readonly { readonly from: string; readonly to: string }[];
  readonly days: 'daily' | 'workdays';
  readonly offShiftZh: string;
  readonly offShiftEn: string;
}

export async function readUnitTypes(db: Kysely<Schema>, district: number): Promise<UnitType[]> {
  const rows = await db.selectFrom('unit_type').selectAll().where('district', '=', district).execute();
  return rows.map(unitTypeFrom);
}

export async function readUnits(db: Kysely<Schema>, district: number, types: ReadonlyMap<string, UnitType>): Promise<Unit[]> {
  const rows = await db.selectFrom('unit').selectAll().where('district', '=', district).execute();
  return rows.map((row) => unitFrom(row, types.get(row.type)?.mayLead ?? false));
}

export async function readShiftPatterns(db: Kysely<Schema>, district: number): Promise<ShiftPattern[]> {
  const rows = await db.selectFrom('shift_pattern').selectAll().where('district', '=', district).execute();
  return rows.map(shiftPatternFrom);
}

function unitTypeFrom(row: Selectable<UnitTypeTable>): UnitType {
  return { code: row.code, nameZh: row.name_zh, nameEn: row.name_en, dutyZh: row.duty_zh, dutyEn: row.duty_en, mayLead: row.may_lead };
}

function unitFrom(row: Selectable<UnitTable>, mayLead: boolean): Unit {
  return {
    code: row.code,
    nameZh: row.name_zh,
    nameEn: row.name_en,
    type: row.type,
    subdistrict: row.subdistrict,
    community: row.community,
    position: { lng: row.lng, lat: row.lat },
    scopeKind: row.scope_kind,
    scope: row.scope,
    shiftPattern: row.shift_pattern,
    crews: row.crews,
    standInUnit: row.stand_in_unit,
    standInDuty: row.stand_in_duty,
    mayLead,
  };
}

function shiftPatternFrom(row: Selectable<ShiftPatternTable>): ShiftPattern {
  const spans = row.spans.map((span) => {
    const [from = '', to = ''] = span.split('-');
    return { from, to };
  });
  const { code, days } = row;
  return { code, nameZh: row.name_zh, nameEn: row.name_en, spans, days, offShiftZh: row.off_shift_zh, offShiftEn: row.off_shift_en };
}
