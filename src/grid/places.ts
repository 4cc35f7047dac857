/** Where: district → subdistricts → communities → cells. Codes nest: 6, 9, 12 and 15 digits. */
import type { Kysely, Selectable } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { CellTable, CommunityTable, SubdistrictTable } from '../db/tables/grid.ts';
import type { Area } from './geometry.ts';

export interface Subdistrict {
  readonly code: string;
  readonly kind: 'subdistrict' | 'town';
  readonly nameZh: string;
  readonly nameEn: string;
  readonly geometry: Area;
}

export interface Community {
  readonly code: string;
  readonly subdistrict: string;
  readonly kind: 'neighbourhood' | 'village';
  readonly nameZh: string;
  /** null where only a Chinese name is known. */
  readonly nameEn: string | null;
  readonly geometry: Area;
}

export interface Cell {
  readonly code: string;
  readonly community: string;
  readonly subdistrict: string;
  readonly nameZh: string;
  readonly nameEn: string | null;
  readonly households: number;
  readonly geometry: Area;
}

export interface Place {
  readonly cell: string;
  readonly community: string;
  readonly subdistrict: string;
}

export interface District {
  readonly code: number;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly geometry: Area;
}

/** An empty database: the message says what to do, for whoever starts the service. */
export class NoDistrict extends Error {
  constructor(district: number) {
    super(
      `数据库里没有 ${district} 这个区。请先用 DEMO=world 启动一次，载入地域和表（不建账号），再用 npm run account 建账号。\n` +
        `The database has no district ${district}. Start once with DEMO=world, which loads places and tables without accounts; then npm run account.`,
    );
    this.name = 'NoDistrict';
  }
}

/** @throws NoDistrict if it is not in the database. */
export async function readDistrict(db: Kysely<Schema>, district: number): Promise<District> {
  const row = await db.selectFrom('district').selectAll().where('district', '=', district).executeTakeFirst();
  if (!row) throw new NoDistrict(district);
  return { code: row.district, nameZh: row.name_zh, nameEn: row.name_en, geometry: row.geometry };
}

export async function readSubdistricts(db: Kysely<Schema>, district: number): Promise<Subdistrict[]> {
  const rows = await db.selectFrom('subdistrict').selectAll().where('district', '=', district).execute();
  return rows.map(subdistrictFrom);
}

export async function readCommunities(db: Kysely<Schema>, district: number): Promise<Community[]> {
  const rows = await db.selectFrom('community').selectAll().where('district', '=', district).execute();
  return rows.map(communityFrom);
}

export async function readCells(db: Kysely<Schema>, district: number): Promise<Cell[]> {
  const rows = await db.selectFrom('cell').selectAll().where('district', '=', district).execute();
  return rows.map(cellFrom);
}

function subdistrictFrom(row: Selectable<SubdistrictTable>): Subdistrict {
  return { code: row.code, kind: row.kind, nameZh: row.name_zh, nameEn: row.name_en, geometry: row.geometry };
}

function communityFrom(row: Selectable<CommunityTable>): Community {
  const { code, subdistrict, kind, geometry } = row;
  return { code, subdistrict, kind, nameZh: row.name_zh, nameEn: row.name_en, geometry };
}

function cellFrom(row: Selectable<CellTable>): Cell {
  const { code, community, households, geometry } = row;
  return { code, community, subdistrict: code.slice(0, 9), nameZh: row.name_zh, nameEn: row.name_en, households, geometry };
}
