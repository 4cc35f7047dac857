/** Names that do not change within a shift: categories, units, places. Read once; a name that is not there yet shows its code. */
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

const categories = shallowRef<ReadonlyMap<string, Category>>(new Map());
const units = shallowRef<ReadonlyMap<string, Unit>>(new Map());
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
export function unitOf(code: string): Unit | null {
  return units.value.get(code) ?? null;
}
export function allUnits(): readonly Unit[] {
  return [...units.value.values()];
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

/** 凤城街道 · 大观社区第5网格. A cell's own name usually begins with its community's. */
export function whereOf(incident: Pick<WireIncident, 'cell' | 'community' | 'subdistrict'>): string {
  const community = nameOf(areas.value.get(incident.community));
  const cell = nameOf(cells.value.get(incident.cell)) || incident.cell;
  const near =
    community === '' || cell.startsWith(community.replace(/(社区|村)?(居|村)?(民)?(委员会|委会|委)?$/, '')) ? cell : `${community} ${cell}`;
  return [nameOf(areas.value.get(incident.subdistrict)), near].filter((part) => part !== '').join(' · ');
}
