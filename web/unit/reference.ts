/** Names that do not change within a shift: categories, units, places. Read once; what is not there yet is left out, or shows its code. */
import { ref, shallowRef } from 'vue';
import { locale, nameOf, t } from '../shared/i18n.ts';
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

/** False until the names of what and who have come, or could not: no code stands in for them meanwhile. */
export const named = ref(false);
/** On a network so bad the page is shown with codes rather than not at all, milliseconds. */
const NAMES_WAIT_MS = 4_000;

/** Each list on its own: one that does not come leaves the others usable, and codes in its place. */
export async function loadReference(): Promise<void> {
  const names = Promise.allSettled([
    loadCategories().then((items) => (categories.value = byCode(items))),
    loadUnits().then((items) => (units.value = byCode(items))),
  ]);
  void Promise.race([names, new Promise((late) => setTimeout(late, NAMES_WAIT_MS))]).then(() => (named.value = true));
  await Promise.allSettled([
    names,
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
  return nameOf(unitOf(code)) || (named.value ? code : '');
}

/** What it is, short: the category's name; empty as long as it is on its way. */
export function whatOf(incident: Pick<WireIncident, 'category' | 'number'>): string {
  return nameOf(categoryOf(incident.category)) || (named.value ? incident.number : '');
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

const OFFICES = new Set(['resident', 'grid', 'community', 'subdistrict', 'district', 'leader', 'member']);
/** Who acted, by office. @param office  how the account begins */
export function officeWord(office: string): string {
  return t(`unit.log.who.${OFFICES.has(office) ? office : 'other'}`);
}
