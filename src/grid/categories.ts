/** What can be reported, within which limit, and who is sent: categories and run cards (响应预案). */
import type { Kysely, Selectable } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { CategoryTable, RunCardTable } from '../db/tables/grid.ts';

/** One row of the category table: a small category under one condition. */
export interface Category {
  /** Row code, for example `C0101-01`. */
  readonly code: string;
  readonly kind: 'component' | 'event' | 'security' | 'livelihood';
  readonly classCode: string;
  readonly classZh: string;
  readonly classEn: string;
  /** Category code, for example `C0101`. */
  readonly category: string;
  readonly categoryCode: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly conditionCode: string;
  /** When such an incident is opened, and when it may be closed. */
  readonly openZh: string;
  readonly openEn: string;
  readonly closeZh: string;
  readonly closeEn: string;
  /** The resolve limit: on scene → finished. */
  readonly limitValue: number;
  readonly limitUnit: 'minutes' | 'hours' | 'workdays';
  readonly clock: 'working' | 'continuous';
  readonly danger: boolean;
  readonly nuisance: boolean;
  readonly level: 'R1' | 'R2' | 'R3' | 'R4';
  readonly leadType: string;
  readonly assistTypes: readonly string[];
  readonly settleOnSpot: boolean;
  readonly evidenceClose: boolean;
  readonly keywords: readonly string[];
  readonly origin: 'standard' | 'local';
}

export interface RunCard {
  readonly code: string;
  readonly match: 'row' | 'category' | 'class';
  /** Row code, category code, or kind and class (`C01`), by `match`. */
  readonly target: string;
  readonly level: 'R1' | 'R2' | 'R3' | 'R4';
  /** A unit type, or `row`: the category row's own. */
  readonly leadType: string;
  readonly leadCount: number;
  /** `row`: the category row's own types, one unit of each. */
  readonly assisting: 'row' | readonly { readonly type: string; readonly count: number }[];
  readonly radiusKm: number;
  readonly subdistrictTold: boolean;
  readonly districtTold: boolean;
  readonly leaderTold: boolean;
  readonly nameZh: string;
  readonly nameEn: string;
}

export async function readCategories(db: Kysely<Schema>, district: number): Promise<Category[]> {
  const rows = await db.selectFrom('category').selectAll().where('district', '=', district).execute();
  return rows.map(categoryFrom);
}

export async function readRunCards(db: Kysely<Schema>, district: number): Promise<RunCard[]> {
  const rows = await db.selectFrom('run_card').selectAll().where('district', '=', district).execute();
  return rows.map(runCardFrom);
}

function categoryFrom(row: Selectable<CategoryTable>): Category {
  return {
    code: row.code,
    kind: row.kind,
    classCode: row.class_code,
    classZh: row.class_zh,
    classEn: row.class_en,
    category: row.category,
    categoryCode: row.category_code,
    nameZh: row.name_zh,
    nameEn: row.name_en,
    conditionCode: row.condition_code,
    openZh: row.open_zh,
    openEn: row.open_en,
    closeZh: row.close_zh,
    closeEn: row.close_en,
    limitValue: row.limit_value,
    limitUnit: row.limit_unit,
    clock: row.clock,
    danger: row.danger,
    nuisance: row.nuisance,
    level: row.level,
    leadType: row.lead_type,
    assistTypes: row.assist_types,
    settleOnSpot: row.settle_on_spot,
    evidenceClose: row.evidence_close,
    keywords: row.keywords,
    origin: row.origin,
  };
}

function runCardFrom(row: Selectable<RunCardTable>): RunCard {
  return {
    code: row.code,
    match: row.match,
    target: row.target,
    level: row.level,
    leadType: row.lead_type,
    leadCount: row.lead_count,
    assisting: row.assisting[0] === 'row' ? 'row' : row.assisting.map(assistingFrom),
    radiusKm: row.radius_km,
    subdistrictTold: row.subdistrict_told,
    districtTold: row.district_told,
    leaderTold: row.leader_told,
    nameZh: row.name_zh,
    nameEn: row.name_en,
  };
}

/** `traffic-police:2` → two units of that type. */
function assistingFrom(entry: string): { type: string; count: number } {
  const [type = '', count] = entry.split(':');
  return { type, count: Number(count) };
}
