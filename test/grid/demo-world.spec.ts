/** The files under data/seed hold together; and each check finds what it is for, because a fault is planted for it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { readDemoLayer, readDemoSheet, DEMO_TABLES, type DemoTable } from '../../src/grid/demo-files.ts';
import { checkCalendar, checkWorkingHours } from '../../src/grid/import/calendar-checks.ts';
import { checkCategories } from '../../src/grid/import/category-checks.ts';
import { type FaultCode, type Finding, inWords } from '../../src/grid/import/findings.ts';
import { checkCommittees, checkLeaders, checkMembers } from '../../src/grid/import/people-checks.ts';
import { type Numbered, readRows, type ReadRows } from '../../src/grid/import/read-rows.ts';
import { checkRunCards } from '../../src/grid/import/run-card-checks.ts';
import type * as rows from '../../src/grid/import/rows.ts';
import type { Sheet } from '../../src/grid/import/sheet.ts';
import { checkCoverage, checkUnits } from '../../src/grid/import/unit-checks.ts';
import { buildLocator } from '../../src/grid/locate.ts';
import type { z } from 'zod';

type Sheets = Record<DemoTable, Sheet>;
const NAMES = Object.keys(DEMO_TABLES) as DemoTable[];
const byCode = <T extends { code: string }>(some: readonly Numbered<T>[]) => new Map(some.map(({ value }) => [value.code, value]));
const values = <T>(some: readonly Numbered<T>[]) => some.map(({ value }) => value);

let sheets: Sheets;
let world: Awaited<ReturnType<typeof readWorld>>;
beforeAll(async () => {
  const read = await Promise.all(NAMES.map(async (name) => [name, await readDemoSheet(name)] as const));
  sheets = Object.fromEntries(read) as Sheets;
  world = await readWorld();
});

async function readWorld() {
  const codes = async (name: 'subdistricts' | 'communities') =>
    new Map((await readDemoLayer(name)).map((feature) => [String(feature.properties['code']), feature]));
  const cells = await readDemoLayer('cells');
  const locator = buildLocator(cells.map((cell) => ({ code: String(cell.properties['code']), geometry: cell.geometry })));
  return {
    subdistricts: await codes('subdistricts'),
    communities: await codes('communities'),
    middles: cells.map(({ properties, geometry }) => {
      const corners = (geometry.coordinates as [number, number][][])[0]!.slice(1);
      const mean = (axis: 0 | 1) => corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length;
      return { subdistrict: String(properties['subdistrict']), lng: mean(0), lat: mean(1) };
    }),
    place(lng: number, lat: number) {
      const cell = locator.at(lng, lat);
      return cell === null ? null : { community: cell.slice(0, 12), subdistrict: cell.slice(0, 9) };
    },
  };
}

/** Every finding over all tables, with the table's name before it. */
function check(from: Sheets): { table: DemoTable; found: Finding }[] {
  const out: { table: DemoTable; found: Finding }[] = [];
  const say = (table: DemoTable, findings: readonly Finding[]) => findings.forEach((found) => out.push({ table, found }));
  const read = <T>(table: DemoTable): Numbered<T>[] => {
    const result: ReadRows<T> = readRows(from[table], DEMO_TABLES[table] as unknown as z.ZodType<T, unknown>);
    say(table, result.findings);
    return result.rows;
  };
  const unitTypes = read<rows.UnitTypeRow>('unit_types');
  const shiftPatterns = read<rows.ShiftPatternRow>('shift_patterns');
  const units = read<rows.UnitRow>('units');
  const categories = read<rows.CategoryRow>('categories');
  const committees = read<rows.CommitteeRow>('committees');
  say('categories', checkCategories(categories, byCode(unitTypes)));
  const unitWorld = { ...world, unitTypes: byCode(unitTypes), shiftPatterns: byCode(shiftPatterns), otherUnits: new Map() };
  say('units', checkUnits(units, unitWorld));
  say('unit_types', checkCoverage(values(units), unitTypes, values(categories), [...world.subdistricts.keys()]));
  const cardWorld = { unitTypes: byCode(unitTypes), categories: values(categories), units: values(units), cells: world.middles };
  say('run_cards', checkRunCards(read<rows.RunCardRow>('run_cards'), cardWorld));
  say('calendar_2026', checkCalendar(read<rows.CalendarDayRow>('calendar_2026'), 2026));
  say('calendar_2027', checkCalendar(read<rows.CalendarDayRow>('calendar_2027'), 2027));
  say('working_hours', checkWorkingHours(read<rows.WorkingHoursRow>('working_hours')));
  say('committees', checkCommittees(committees, world));
  say('members', checkMembers(read<rows.MemberRow>('members'), byCode(committees), byCode(units)));
  say('leaders', checkLeaders(read<rows.LeaderRow>('leaders'), world.communities));
  return out;
}

describe('the demo world', () => {
  it('has no fault', () => {
    expect(check(sheets).map(({ table, found }) => `${table}: ${inWords(found, 'en')}`)).toEqual([]);
  });

  it('has as many rows as its description says', () => {
    const count = Object.fromEntries(NAMES.map((name) => [name, sheets[name].rows.length]));
    expect(count).toEqual({
      unit_types: 26,
      shift_patterns: 5,
      units: 76,
      categories: 159,
      run_cards: 156,
      calendar_2026: 365,
      calendar_2027: 365,
      working_hours: 2,
      committees: 24,
      members: 70,
      leaders: 36,
    });
    expect([world.subdistricts.size, world.communities.size, world.middles.length]).toEqual([8, 164, 896]);
  });

  it('grades the typical incidents as the table of levels does', () => {
    const level = new Map(sheets.categories.rows.map(({ cells }) => [cells.get('row'), cells.get('level')]));
    const typical = {
      R1: ['E0501-01', 'E0502-01', 'E0597-01'],
      R2: ['C0101-01', 'E0505-01', 'E0599-01'],
      R3: ['E0110-01', 'E0498-01'],
      R4: ['E0113-02', 'C0299-01', 'E0201-01'],
    };
    for (const [grade, codes] of Object.entries(typical)) expect(codes.map((code) => level.get(code))).toEqual(codes.map(() => grade));
  });

  it('marks every invented unit, body and person', () => {
    const marked = (table: DemoTable, column: string, mark: string) =>
      expect(sheets[table].rows.map(({ cells }) => cells.get(column)).filter((text) => !text?.startsWith(mark))).toEqual([]);
    marked('units', 'name_zh', '演示·');
    marked('units', 'name_en', 'Demo ');
    marked('committees', 'name_zh', '演示·');
    marked('members', 'org_zh', '演示·');
    for (const table of ['members', 'leaders'] as const) {
      marked(table, 'person_zh', '演示·');
      marked(table, 'person_en', 'Demo ');
    }
    const people = [...sheets.members.rows, ...sheets.leaders.rows].map(({ cells }) => cells.get('person_zh'));
    expect(new Set(people).size).toBe(people.length);
  });

  it('counts the working days of 2026 as the State Council’s notice gives them', () => {
    const of = (kind: string) =>
      sheets.calendar_2026.rows.filter(({ cells }) => cells.get('kind') === kind).map(({ cells }) => cells.get('date'));
    expect(of('makeup_workday')).toEqual(['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10']);
    expect(of('holiday')).toHaveLength(33);
  });
});

/** Table, row of the table from 0, column, planted text, and the fault that has to be found. */
const FAULTS: [DemoTable, number, string, string, FaultCode][] = [
  ['categories', 0, 'level', 'R4', 'level-rule'],
  ['categories', 0, 'open_zh', '', 'empty'],
  ['categories', 0, 'open_zh', 'lid is gone', 'not-chinese'],
  ['categories', 0, 'close_en', '盖牢', 'not-english'],
  ['categories', 0, 'limit_unit', 'days', 'not-allowed-value'],
  ['categories', 0, 'limit_unit', 'workdays', 'limit-pair'],
  ['categories', 0, 'limit_value', '0', 'not-a-number'],
  ['categories', 0, 'lead_type', 'nobody', 'unknown'],
  ['categories', 0, 'lead_type', 'medical', 'may-not-lead'],
  ['categories', 0, 'assist_types', 'water-supply', 'lead-assists'],
  ['categories', 0, 'evidence_close', '1', 'evidence-too-grave'],
  ['categories', 0, 'nuisance', '1', 'danger-and-nuisance'],
  ['categories', 1, 'row', 'C0101-01', 'twice'],
  ['categories', 0, 'category', 'C0102', 'code-mismatch'],
  ['categories', 0, 'origin', 'local', 'local-code-low'],
  ['categories', 0, 'class_zh', '公共设施', 'named-twice'],
  ['categories', 0, 'keywords_zh', '污水井', 'keyword-shared'],
  ['categories', 1, 'open_zh', '井口外露：盖子不见、移开或压断', 'same-condition'],
  ['categories', 0, 'condition_code', '07', 'condition-order'],
  ['unit_types', 0, 'may_lead', '0', 'may-not-lead'],
  ['unit_types', 12, 'may_lead', '1', 'may-lead-unused'],
  ['units', 0, 'lng', '113.33', 'outside'],
  ['units', 0, 'lng', '103.33', 'outside'],
  ['units', 0, 'type', 'polis', 'unknown'],
  ['units', 0, 'type', 'fire-rescue', 'no-unit-of-type'],
  ['units', 0, 'stand_in_unit', 'fengcheng-police', 'stands-in-for-itself'],
  ['units', 0, 'stand_in_unit', 'dongcheng-enforcement', 'stand-in-type'],
  ['units', 0, 'scope', '441802007', 'home-not-served'],
  ['units', 0, 'scope_kind', 'district', 'scope-kind'],
  ['units', 0, 'subdistrict', '441802007', 'wrong-parent'],
  ['units', 1, 'code', 'fengcheng-police', 'twice'],
  ['units', 0, 'crews', '3.5', 'not-a-number'],
  ['shift_patterns', 0, 'spans', '0-8', 'wrong-form'],
  ['run_cards', 0, 'target', 'C9999', 'unknown'],
  ['run_cards', 0, 'assisting', '', 'card-differs'],
  ['run_cards', 0, 'assisting', 'traffic-police', 'wrong-form'],
  ['run_cards', 0, 'radius_km', '3', 'radius-short'],
  ['run_cards', 0, 'subdistrict_told', '0', 'wrong-told'],
  ['run_cards', 0, 'level', 'R1', 'card-too-general'],
  ['calendar_2026', 3, 'kind', 'weekend', 'day-differs'],
  ['calendar_2026', 0, 'statutory', '0', 'statutory-count'],
  ['calendar_2027', 0, 'date', '2027-01-02', 'day-missing'],
  ['calendar_2027', 0, 'date', '2027-02-30', 'wrong-form'],
  ['working_hours', 0, 'to', '15:00', 'hours-order'],
  ['committees', 0, 'place', '441802999', 'unknown'],
  ['members', 0, 'unit', 'x', 'unknown'],
  ['members', 27, 'committee', 'nobody-union', 'too-few-members'],
  ['members', 0, 'term_end', '2024-01-01', 'term-order'],
  ['leaders', 0, 'communities', '441802006001', 'leader-count'],
  ['leaders', 0, 'subdistrict', '441802007', 'wrong-parent'],
];

describe('each check finds the fault that it is for', () => {
  it.each(FAULTS)('%s row %i: %s = "%s" → %s', (table, at, column, text, code) => {
    const sheet = sheets[table];
    const planted = sheet.rows.map((row, k) => (k === at ? { number: row.number, cells: new Map(row.cells).set(column, text) } : row));
    const found = check({ ...sheets, [table]: { ...sheet, rows: planted } }).map((one) => one.found);
    expect(found.map((one) => one.code)).toContain(code);
    for (const one of found) {
      for (const words of [one.what, one.whatToDo]) {
        expect(words['zh-CN']).toMatch(/[\u4e00-\u9fff]/);
        expect(words.en).not.toMatch(/\{\w+\}/);
      }
    }
  });

  it('names a missing column once', () => {
    const { columns, rows: all } = sheets.units;
    const without = all.map((row) => ({ number: row.number, cells: new Map([...row.cells].filter(([name]) => name !== 'crews')) }));
    const found = check({ ...sheets, units: { columns: columns.filter((name) => name !== 'crews'), rows: without } });
    expect(found.filter(({ found: one }) => one.code === 'missing-column')).toHaveLength(1);
  });
});
