/** What must hold for units: their types, places, scope and stand-ins. Pure. */
import { type Finding, finding } from './findings.ts';
import { doubled, type Numbered } from './read-rows.ts';
import type { CategoryRow, UnitRow, UnitTypeRow } from './rows.ts';

/** What units refer to. */
export interface UnitWorld {
  readonly unitTypes: ReadonlyMap<string, unknown>;
  readonly shiftPatterns: ReadonlyMap<string, unknown>;
  readonly subdistricts: ReadonlyMap<string, unknown>;
  /** Units that are there already and not in the file. */
  readonly otherUnits: ReadonlyMap<string, Pick<UnitRow, 'type'>>;
  place(lng: number, lat: number): { readonly community: string; readonly subdistrict: string } | null;
}

export function checkUnits(rows: readonly Numbered<UnitRow>[], world: UnitWorld): Finding[] {
  const units = new Map<string, Pick<UnitRow, 'type'>>(world.otherUnits);
  for (const { value } of rows) units.set(value.code, value);
  return [
    ...doubled(rows, 'code', (unit) => unit.code),
    ...rows.flatMap(({ number, value }) => [...checkPlace(number, value, world), ...checkDuty(number, value, world, units)]),
    ...checkPoints(rows),
  ];
}

function checkPlace(number: number, unit: UnitRow, world: UnitWorld): Finding[] {
  const found: Finding[] = [];
  const place = world.place(unit.lng, unit.lat);
  if (!place) found.push(finding(number, 'lng', 'outside', { value: '本区 the district', expected: '区外 no cell' }));
  else if (place.community !== unit.community)
    found.push(finding(number, 'lng', 'outside', { value: unit.community, expected: place.community }));
  // The code of a community begins with that of its subdistrict.
  const parent = unit.community.slice(0, 9);
  if (parent !== unit.subdistrict) found.push(finding(number, 'subdistrict', 'wrong-parent', { value: unit.community, expected: parent }));
  if (!unit.scope.includes(unit.subdistrict)) found.push(finding(number, 'scope', 'home-not-served', { value: unit.subdistrict }));
  for (const code of unit.scope) {
    if (!world.subdistricts.has(code))
      found.push(finding(number, 'scope', 'unknown', { value: code, expected: [...world.subdistricts.keys()].join(', ') }));
  }
  const everywhere = new Set(unit.scope).size === world.subdistricts.size;
  if ((unit.scope_kind === 'district') !== everywhere) found.push(finding(number, 'scope_kind', 'scope-kind', { value: unit.scope_kind }));
  return found;
}

function checkDuty(number: number, unit: UnitRow, world: UnitWorld, units: ReadonlyMap<string, Pick<UnitRow, 'type'>>): Finding[] {
  const found: Finding[] = [];
  const known = (map: ReadonlyMap<string, unknown>) => [...map.keys()].join(', ');
  if (!world.unitTypes.has(unit.type))
    found.push(finding(number, 'type', 'unknown', { value: unit.type, expected: known(world.unitTypes) }));
  if (!world.shiftPatterns.has(unit.shift_pattern)) {
    found.push(finding(number, 'shift_pattern', 'unknown', { value: unit.shift_pattern, expected: known(world.shiftPatterns) }));
  }
  const standIn = units.get(unit.stand_in_unit);
  if (unit.stand_in_unit === unit.code) found.push(finding(number, 'stand_in_unit', 'stands-in-for-itself'));
  else if (!standIn) found.push(finding(number, 'stand_in_unit', 'unknown', { value: unit.stand_in_unit, expected: 'units.code' }));
  else if (unit.stand_in_duty === 'full' && standIn.type !== unit.type) {
    found.push(finding(number, 'stand_in_unit', 'stand-in-type', { value: unit.stand_in_unit }));
  }
  return found;
}

function checkPoints(rows: readonly Numbered<UnitRow>[]): Finding[] {
  const found: Finding[] = [];
  const first = new Map<string, number>();
  for (const { number, value } of rows) {
    const point = `${value.lng} ${value.lat}`;
    const other = first.get(point);
    if (other === undefined) first.set(point, number);
    else found.push(finding(number, 'lng', 'same-point', { other }));
  }
  return found;
}

/** Every subdistrict is served by a unit of every type, and each type that a category is led by may lead. For a whole world, not for a file of a few units. */
export function checkCoverage(
  units: readonly Pick<UnitRow, 'type' | 'scope'>[],
  unitTypes: readonly Numbered<UnitTypeRow>[],
  categories: readonly Pick<CategoryRow, 'lead_type'>[],
  subdistricts: readonly string[],
): Finding[] {
  const found: Finding[] = doubled(unitTypes, 'code', (type) => type.code);
  const leads = new Set(categories.map((row) => row.lead_type));
  for (const { number, value: type } of unitTypes) {
    if (type.may_lead !== leads.has(type.code)) found.push(finding(number, 'may_lead', 'may-lead-unused', { value: type.code }));
    for (const subdistrict of subdistricts) {
      const served = units.some((unit) => unit.type === type.code && unit.scope.includes(subdistrict));
      if (!served) found.push(finding(null, 'scope', 'no-unit-of-type', { value: subdistrict, expected: type.code }));
    }
  }
  return found;
}
