import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importFile } from '../../src/grid/import/importer.ts';
import { loadReference } from '../../src/grid/reference.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

interface Feature {
  properties: Record<string, unknown>;
  geometry: { type: string; coordinates: [number, number][][] };
}

describe('importing cells', () => {
  let database: TestDatabase;
  let features: Feature[];
  beforeEach(async () => {
    database = await openTestDatabase({ world: true });
    const text = await readFile(new URL('../../data/world/cells.geojson', import.meta.url), 'utf8');
    features = (JSON.parse(text) as { features: Feature[] }).features;
  });
  afterEach(() => database.drop());
  const run = (some: readonly unknown[], dryRun = false) =>
    importFile(
      database.db.kysely,
      441802,
      'cells',
      new TextEncoder().encode(JSON.stringify({ type: 'FeatureCollection', features: some })),
      { dryRun },
    );
  const problems = async (some: readonly unknown[]) => (await run(some, true)).findings.map(({ row, column, code }) => [row, column, code]);
  const changed = (k: number, change: (feature: Feature) => void) => {
    const copy = structuredClone(features);
    change(copy[k]!);
    return copy;
  };

  it('puts the new layer in place of the old one', async () => {
    const fewer = features.filter(({ properties }) => properties['community'] === '441802006001');
    expect(await run(fewer)).toMatchObject({ findings: [], written: fewer.length });
    expect((await loadReference(database.db.kysely, 441802)).cells.size).toBe(fewer.length);
    expect(await run(features)).toMatchObject({ findings: [], written: 896 });
  });

  it('finds nothing wrong with the demo cells in a dry run, and writes nothing', async () => {
    const before = (await loadReference(database.db.kysely, 441802)).version;
    expect(await run(features, true)).toMatchObject({ findings: [], rows: 896, written: 0 });
    expect((await loadReference(database.db.kysely, 441802)).version).toBe(before);
  });

  it('names each bad feature', async () => {
    const square = (x: number, y: number, size: number): [number, number][] => [
      [x, y],
      [x + size, y],
      [x + size, y + size],
      [x, y + size],
      [x, y],
    ];
    expect(await problems(changed(1, ({ properties }) => (properties['code'] = features[0]!.properties['code'])))).toEqual([
      [2, 'code', 'twice'],
    ]);
    expect(await problems(changed(1, ({ properties }) => (properties['code'] = '4418020060010')))).toEqual([[2, 'code', 'wrong-form']]);
    expect(await problems(changed(1, ({ properties }) => (properties['community'] = '441802006099')))).toEqual([
      [2, 'community', 'unknown'],
    ]);
    expect(await problems(changed(1, ({ properties }) => (properties['community'] = '441802006002')))).toEqual([
      [2, 'code', 'code-mismatch'],
    ]);
    expect(await problems(changed(1, ({ properties }) => delete properties['name']))).toEqual([[2, 'name', 'empty']]);
    expect(await problems(changed(1, ({ geometry }) => geometry.coordinates[0]!.pop()))).toEqual([[2, 'geometry', 'not-an-area']]);
    expect(await problems(changed(1, ({ geometry }) => (geometry.type = 'LineString')))).toEqual([[2, 'geometry', 'not-an-area']]);
    const bowTie: [number, number][] = [
      [113, 23.68],
      [113.01, 23.69],
      [113.01, 23.68],
      [113, 23.691],
      [113, 23.68],
    ];
    expect(await problems(changed(1, ({ geometry }) => (geometry.coordinates = [bowTie])))).toEqual([[2, 'geometry', 'not-an-area']]);
    expect(await problems(changed(1, ({ geometry }) => (geometry.coordinates = [square(116.3, 39.9, 0.01)])))).toEqual([
      [2, 'geometry', 'outside-district'],
    ]);
    expect(await problems(changed(1, ({ geometry }) => (geometry.coordinates = [...features[0]!.geometry.coordinates])))).toEqual([
      [2, 'geometry', 'overlap'],
    ]);
    const pushed = changed(
      1,
      ({ geometry }) => (geometry.coordinates = geometry.coordinates.map((ring) => ring.map(([x, y]) => [x + 0.0005, y]))),
    );
    expect((await problems(pushed)).every(([, , code]) => code === 'overlap')).toBe(true);
    expect((await problems(pushed)).length).toBeGreaterThan(0);
  });

  it('takes hairline overlaps, as rounding leaves them', async () => {
    const nudged = changed(
      1,
      ({ geometry }) => (geometry.coordinates = geometry.coordinates.map((ring) => ring.map(([x, y]) => [x + 1e-6, y]))),
    );
    expect(await problems(nudged)).toEqual([]);
  });

  it('refuses what is no GeoJSON', async () => {
    for (const text of ['', '{}', '{"type":"FeatureCollection","features":[]}', '{"type":"Topology"}']) {
      const outcome = await importFile(database.db.kysely, 441802, 'cells', new TextEncoder().encode(text), { dryRun: false });
      expect(outcome).toMatchObject({ written: 0, findings: [{ row: null }] });
    }
    expect(await problems([null, 7, { properties: 'x', geometry: [] }])).toContainEqual([1, 'geometry', 'not-an-area']);
  });
});
