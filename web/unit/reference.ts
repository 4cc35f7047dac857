/** Names that do not change within a shift: categories, units, places. Read once; what is not there yet is left out, or shows its code. */
import { shallowRef } from 'vue';
import { locale, nameOf } from '../shared/i18n.ts';
import {
  type CellProperties,
  type Named,
  loadCategories,
  loadCells,
  loadCommunities,
  loadSubdistricts,
  loadUnits,
} from '../shared/reference.ts';
import type { Category, Unit, WireIncident } from '../shared/types.ts';
import { saysCommunity } from '../shared/place-names.ts';

const categories = shallowRef<ReadonlyMap<string, Category>>(new Map());
/** The list of units also says what each is for. */
export type NamedUnit = Unit & { readonly typeZh?: string; readonly typeEn?: string };
const units = shallowRef<ReadonlyMap<string, NamedUnit>>(new Map());
const cells = shallowRef<ReadonlyMap<string, CellProperties>>(new Map());
const areas = shallowRef<ReadonlyMap<string, Named>>(new Map());

const byCode = <T extends { readonly code: string }>(items: readonly T[]): ReadonlyMap<string, T> =>
  new Map(items.map((item) => [item.code, item]));

/** Each list on its own: one that does not come leaves the others usable, and codes in its place. */
export async function loadReference(): Promise<void> {
  await Promise.allSettled([
    loadCategories().then((items) => (categories.value = byCode(items))),
    loadUnits().then((items) => (units.value = byCode(items))),
    loadCells().then(({ features }) => (cells.value = byCode(features.map((f) => f.properties)))),
    Promise.all([loadCommunities(), loadSubdistricts()]).then(([c, s]) => (areas.value = byCode<Named>([...c, ...s]))),
  ]);
}

export function categoryOf(code: string): Category | null {
  return categories.value.get(code) ?? null;
}
export function unitOf(code: string): NamedUnit | null {
  return units.value.get(code) ?? null;
}
export function allUnits(): readonly NamedUnit[] {
  return [...units.value.values()];
}
/** 燃气抢修, 公安派出所. */
export function typeName(unit: NamedUnit): string {
  return nameOf({ nameZh: unit.typeZh, nameEn: unit.typeEn });
}
export function unitName(code: string): string {
  return nameOf(unitOf(code)) || code;
}

/** What it is, short: the category's name. */
export function whatOf(incident: Pick<WireIncident, 'category' | 'number'>): string {
  return nameOf(categoryOf(incident.category)) || incident.number;
}

/** By what the report counts: 井口外露：盖子不见、移开或压断. */
export function conditionOf(incident: Pick<WireIncident, 'category'>): string {
  const row = categoryOf(incident.category);
  return (locale.value === 'en' ? row?.openEn : row?.openZh) ?? '';
}

/** 凤城街道 · 高基里第1网格. */
export function whereOf(incident: Pick<WireIncident, 'cell' | 'community' | 'subdistrict'>): string {
  const community = nameOf(areas.value.get(incident.community));
  const cell = nameOf(cells.value.get(incident.cell));
  const near = saysCommunity(cell, community) ? cell : `${community} ${cell}`.trim();
  return [nameOf(areas.value.get(incident.subdistrict)), near].filter((part) => part !== '').join(' · ');
}
