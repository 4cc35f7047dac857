/**
 * The reference tables of a district, read once and kept in memory: every report, dispatch and page looks here and asks no database.
 * A value never changes; after an import a new one takes its place.
 */
import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { type Calendar, readCalendar } from './calendar.ts';
import { type Category, readCategories, readRunCards, type RunCard } from './categories.ts';
import { buildLocator, type Locator } from './locate.ts';
import { buildNearest, type NearestUnits } from './nearest.ts';
import {
  type Cell,
  type Community,
  type District,
  type Place,
  readCells,
  readCommunities,
  readDistrict,
  readSubdistricts,
  type Subdistrict,
} from './places.ts';
import { readShiftPatterns, readUnits, readUnitTypes, type ShiftPattern, type Unit, type UnitType } from './units.ts';

export type { Calendar, Category, Cell, Community, District, Place, RunCard, ShiftPattern, Subdistrict, Unit, UnitType };

/** All maps are in the order of their codes. */
export interface Reference {
  readonly district: District;
  readonly subdistricts: ReadonlyMap<string, Subdistrict>;
  readonly communities: ReadonlyMap<string, Community>;
  readonly cells: ReadonlyMap<string, Cell>;
  /** By row code, for example `C0101-01`. */
  readonly categories: ReadonlyMap<string, Category>;
  readonly unitTypes: ReadonlyMap<string, UnitType>;
  readonly units: ReadonlyMap<string, Unit>;
  readonly runCards: readonly RunCard[];
  readonly shiftPatterns: ReadonlyMap<string, ShiftPattern>;
  readonly calendar: Calendar;
  readonly locator: Locator;
  readonly nearest: NearestUnits<Unit>;
  /** Same content, same version, on every node: fit for an ETag. */
  readonly version: string;
  /** Where a WGS-84 point lies; null where no cell is. */
  place(lng: number, lat: number): Place | null;
  /** By a row code, or by a category code for its first row. */
  category(code: string): Category | undefined;
}

/** The one that holds now, and the way to a newer one. */
export interface ReferenceSource {
  current(): Reference;
  /** Reads all tables again. Until it is done, and if it fails, the old value stays. */
  reload(): Promise<Reference>;
}

export async function openReference(db: Kysely<Schema>, district: number): Promise<ReferenceSource> {
  let current = await loadReference(db, district);
  return {
    current: () => current,
    async reload() {
      current = await loadReference(db, district);
      return current;
    },
  };
}

/** Reads all tables of the district at one moment. @throws Error if the district is not in the database. */
export function loadReference(db: Kysely<Schema>, district: number): Promise<Reference> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      const unitTypes = byCode(await readUnitTypes(tx, district));
      return makeReference({
        district: await readDistrict(tx, district),
        subdistricts: byCode(await readSubdistricts(tx, district)),
        communities: byCode(await readCommunities(tx, district)),
        cells: byCode(await readCells(tx, district)),
        categories: byCode(await readCategories(tx, district)),
        unitTypes,
        units: byCode(await readUnits(tx, district, unitTypes)),
        runCards: [...byCode(await readRunCards(tx, district)).values()],
        shiftPatterns: byCode(await readShiftPatterns(tx, district)),
        calendar: await readCalendar(tx, district),
      });
    });
}

type Tables = Omit<Reference, 'locator' | 'nearest' | 'version' | 'place' | 'category'>;

function makeReference(tables: Tables): Reference {
  const { cells, categories } = tables;
  const locator = buildLocator([...cells.values()]);
  const firstRows = new Map<string, Category>();
  for (const row of categories.values()) if (!firstRows.has(row.category)) firstRows.set(row.category, row);
  return {
    ...tables,
    locator,
    nearest: buildNearest([...tables.units.values()]),
    version: versionOf(tables),
    place(lng, lat) {
      const code = locator.at(lng, lat);
      const cell = code === null ? undefined : cells.get(code);
      return cell ? { cell: cell.code, community: cell.community, subdistrict: cell.subdistrict } : null;
    },
    category: (code) => categories.get(code) ?? firstRows.get(code),
  };
}

function versionOf(tables: Tables): string {
  const text = JSON.stringify(tables, (_key, value: unknown) => (value instanceof Map ? [...value] : value));
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

function byCode<T extends { readonly code: string }>(rows: readonly T[]): Map<string, T> {
  // Not by the database's collation, which differs between installations.
  const sorted = [...rows].sort((a, b) => (a.code < b.code ? -1 : 1));
  return new Map(sorted.map((row) => [row.code, row]));
}
