/** Names of cells and categories for codes, from the reference data on the phone. */
import { reactive } from 'vue';
import { nameOf } from '../shared/i18n.ts';
import {
  loadCategories,
  loadCells,
  loadCommunities,
  loadSubdistricts,
  loadUnits,
  type CellProperties,
  type Named,
} from '../shared/reference.ts';
import { saysCommunity } from '../shared/place-names.ts';
import type { Category, Unit, WireIncident } from '../shared/types.ts';

const cells = reactive(new Map<string, CellProperties>());
const communities = reactive(new Map<string, Named>());
const subdistricts = reactive(new Map<string, Named>());
const units = reactive(new Map<string, Unit>());
const categories = reactive(new Map<string, Category>());

/** Reads the names; what is missing shows as its code until it is there. */
export async function loadNames(): Promise<void> {
  await Promise.allSettled([
    loadCells().then((c) => c.features.forEach((f) => cells.set(f.properties.code, f.properties))),
    loadCommunities().then((list) => list.forEach((c) => communities.set(c.code, c))),
    loadSubdistricts().then((list) => list.forEach((s) => subdistricts.set(s.code, s))),
    loadUnits().then((list) => list.forEach((u) => units.set(u.code, u))),
    loadCategories().then((list) => list.forEach((c) => categories.set(c.code, c))),
  ]);
}

export const cellOf = (code: string | null | undefined) => (code ? cells.get(code) : undefined);
export const cellName = (code: string) => nameOf(cells.get(code)) || code;
export const communityName = (code: string) => nameOf(communities.get(code)) || code;
export const subdistrictName = (code: string) => nameOf(subdistricts.get(code)) || code;
/** What lies around a cell, under its name: 高基里社区居委会 · 凤城街道, and the community only if the cell's name does not say it. */
export function areaOf(cell: string): string {
  const community = communityName(cell.slice(0, 12));
  const subdistrict = subdistrictName(cell.slice(0, 9));
  return saysCommunity(cellName(cell), community) ? subdistrict : `${community} · ${subdistrict}`;
}
export const unitName = (code: string) => nameOf(units.get(code)) || code;
export const categoryOf = (code: string | null) => (code ? categories.get(code) : undefined);
/** What a list calls an incident: its category's name. */
export const titleOf = (incident: Pick<WireIncident, 'category'>) => nameOf(categories.get(incident.category)) || incident.category;
