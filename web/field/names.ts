/** Names of cells, places, categories and accounts for codes, from the reference data on the phone. */
import { reactive } from 'vue';
import { nameOf, t } from '../shared/i18n.ts';
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
/** Whose committee something of 共建 belongs to: 12 digits a community's, 9 a subdistrict's, 6 the district's. */
export function placeName(code: string): string {
  if (code.length === 12) return communityName(code);
  return code.length === 9 ? subdistrictName(code) : t('incident.by.district');
}
/** Who did something, of a log. An account's role is the first part of its name; nobody's own name stands there. */
export function actorName(account: string): string {
  const prefix = account.split('.')[0] ?? '';
  if (prefix === 'unit') return unitName(account.slice(5));
  if (prefix === 'community') return communityName(account.slice(10));
  if (prefix === 'subdistrict') return subdistrictName(account.slice(12));
  const key = `incident.by.${prefix === 'grid' ? 'gridWorker' : prefix}`;
  const word = t(key);
  return word === key ? account : word;
}
export const categoryOf = (code: string | null) => (code ? categories.get(code) : undefined);
/** What a list calls an incident: its category's name. */
export const titleOf = (incident: Pick<WireIncident, 'category'>) => nameOf(categories.get(incident.category)) || incident.category;
