import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDemoWorld } from '../../src/grid/demo-world.ts';
import { openReference, type Reference, type ReferenceSource } from '../../src/grid/reference.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

describe('the reference tables in memory', () => {
  let database: TestDatabase;
  let source: ReferenceSource;
  let reference: Reference;
  beforeAll(async () => {
    database = await openTestDatabase({ world: true });
    source = await openReference(database.db.kysely, 441802);
    reference = source.current();
  });
  afterAll(() => database.drop());

  it('hold the whole demo world', () => {
    const { subdistricts, communities, cells, categories, unitTypes, units, runCards, shiftPatterns, calendar } = reference;
    const sizes = [subdistricts, communities, cells, categories, unitTypes, units, shiftPatterns].map((map) => map.size);
    expect(sizes).toEqual([8, 164, 896, 159, 26, 76, 5]);
    expect(runCards).toHaveLength(156);
    expect(calendar.days.size).toBe(730);
    expect(calendar.hours).toEqual([
      { from: '08:30', to: '12:00' },
      { from: '14:30', to: '17:30' },
    ]);
    expect([calendar.days.get('2026-10-10'), calendar.days.get('2026-10-01'), calendar.days.get('2028-01-03')]).toEqual([
      true,
      false,
      undefined,
    ]);
  });

  it('find the place of every unit in its own community', () => {
    for (const unit of reference.units.values()) {
      expect(reference.place(unit.position.lng, unit.position.lat)).toMatchObject({
        community: unit.community,
        subdistrict: unit.subdistrict,
      });
    }
    expect(reference.place(116.39, 39.9)).toBeNull();
  });

  it('find a category by its row, and by its category the first row', () => {
    expect(reference.category('C0101-02')).toMatchObject({ code: 'C0101-02', level: 'R3', leadType: 'water-supply', evidenceClose: true });
    expect(reference.category('C0101')?.code).toBe('C0101-01');
    expect([reference.category('C9999'), reference.category('__proto__')]).toEqual([undefined, undefined]);
  });

  it('know which units may lead, and what a run card sends', () => {
    expect(reference.units.get('fengcheng-police')?.mayLead).toBe(true);
    expect([...reference.units.values()].filter((unit) => !unit.mayLead).map((unit) => unit.type)).toEqual(
      expect.arrayContaining(['medical', 'volunteer-team']),
    );
    const card = reference.runCards.find(({ code }) => code === 'C0101-R2');
    expect(card).toMatchObject({
      match: 'category',
      leadType: 'water-supply',
      assisting: [{ type: 'traffic-police', count: 1 }],
      radiusKm: 30,
    });
    expect(reference.runCards.some(({ assisting }) => assisting === 'row')).toBe(true);
  });

  it('have one version for one content, and another after a change is reloaded', async () => {
    const again = await source.reload();
    expect(again.version).toBe(reference.version);
    await database.db.kysely.updateTable('unit').set({ crews: 9 }).where('code', '=', 'fengcheng-police').execute();
    expect(source.current().version).toBe(reference.version);
    const changed = await source.reload();
    expect(changed.version).not.toBe(reference.version);
    expect(source.current().units.get('fengcheng-police')?.crews).toBe(9);
    expect(reference.units.get('fengcheng-police')?.crews).toBe(3);
  });

  it('are loaded once: a database with a district is left as it is', async () => {
    expect(await loadDemoWorld(database.db.kysely)).toBe(false);
  });

  it('say what to do when the district is not there', async () => {
    await expect(openReference(database.db.kysely, 440100)).rejects.toThrow(/DEMO=world/);
  });
});
