/** The demo world, 清城区 with invented units, into an empty database. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { type DemoFeature, readDemoLayer, readDemoTable } from './demo-files.ts';
import { mendSeams } from './import/seams.ts';
import { insertRows, writeCategories, writeUnits } from './import/write.ts';
import { makeMissingCrews } from './rosters/crews.ts';

/** 清城区, 清远市, 广东省. */
export const DEMO_DISTRICT = 441802;

/** Several nodes may start on one empty database: the second waits here and then finds it full. */
const LOCK = 441802001;

/**
 * Loads places, units, categories, run cards and calendars in one transaction. A database that has a district is left as it is.
 *
 * @returns false if there was a district already.
 */
export async function loadDemoWorld(db: Kysely<Schema>, log: (line: string) => void = () => {}): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx);
    if (await tx.selectFrom('district').select('district').limit(1).executeTakeFirst()) return false;
    const cells = await loadPlaces(tx);
    await loadTables(tx);
    log(`demo world loaded: district ${DEMO_DISTRICT}, ${cells} cells`);
    return true;
  });
}

async function loadPlaces(tx: Kysely<Schema>): Promise<number> {
  const district = DEMO_DISTRICT;
  const [outline] = await readDemoLayer('district');
  const text = (feature: DemoFeature, name: string) => String(feature.properties[name]);
  const common = (feature: DemoFeature) => ({
    district,
    code: text(feature, 'code'),
    name_zh: text(feature, 'name'),
    geometry: JSON.stringify(feature.geometry),
  });
  await insertRows(tx, 'district', [
    { district, name_zh: text(outline!, 'name'), name_en: text(outline!, 'nameEn'), geometry: JSON.stringify(outline!.geometry) },
  ]);
  const subdistricts = await readDemoLayer('subdistricts');
  await insertRows(
    tx,
    'subdistrict',
    subdistricts.map((feature) => ({
      ...common(feature),
      name_en: text(feature, 'nameEn'),
      kind: feature.properties['kind'] === 'town' ? 'town' : 'subdistrict',
    })),
  );
  const communities = await readDemoLayer('communities');
  await insertRows(
    tx,
    'community',
    communities.map((feature) => ({
      ...common(feature),
      name_en: null,
      subdistrict: text(feature, 'subdistrict'),
      kind: feature.properties['kind'] === 'village' ? 'village' : 'neighbourhood',
    })),
  );
  const cells = await readDemoLayer('cells');
  const mended = mendSeams(
    cells.map((feature) => feature.geometry),
    outline!.geometry,
  );
  await insertRows(
    tx,
    'cell',
    cells.map((feature, k) => ({
      ...common(feature),
      name_en: null,
      community: text(feature, 'community'),
      households: Number(feature.properties['households']),
      geometry: JSON.stringify(mended[k]),
    })),
  );
  return cells.length;
}

async function loadTables(tx: Kysely<Schema>): Promise<void> {
  const district = DEMO_DISTRICT;
  await insertRows(
    tx,
    'unit_type',
    (await readDemoTable('unit_types')).map((row) => ({ district, ...row })),
  );
  await insertRows(
    tx,
    'shift_pattern',
    (await readDemoTable('shift_patterns')).map((row) => ({ district, ...row })),
  );
  await writeUnits(tx, district, await readDemoTable('units'));
  await makeMissingCrews(tx, district);
  await writeCategories(tx, district, await readDemoTable('categories'));
  await insertRows(
    tx,
    'run_card',
    (await readDemoTable('run_cards')).map((row) => ({ district, ...row })),
  );
  const days = [...(await readDemoTable('calendar_2026')), ...(await readDemoTable('calendar_2027'))];
  // The weekday follows from the date; it is in the file for people and for the check.
  await insertRows(
    tx,
    'calendar_day',
    days.map(({ weekday: _, ...row }) => ({ district, ...row })),
  );
  await insertRows(
    tx,
    'working_hours',
    (await readDemoTable('working_hours')).map((row) => ({ district, ...row })),
  );
  await insertRows(
    tx,
    'committee',
    (await readDemoTable('committees')).map((row) => ({ district, ...row })),
  );
  const members = await readDemoTable('members');
  await insertRows(
    tx,
    'member',
    members.map(({ appointed: _from, term_end: _to, ...row }) => ({ district, ...row })),
  );
  const leaders = await readDemoTable('leaders');
  await insertRows(
    tx,
    'leader',
    leaders.map(({ community_count: _, ...row }) => ({ district, ...row })),
  );
}
