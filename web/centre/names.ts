/** Names of places, units and categories by code, in the language shown, long and short. A code that is not known is shown as it is. */
import { computed, shallowRef } from 'vue';
import { locale, nameOf, t } from '../shared/i18n.ts';
import { loadCategories, loadCommunities, loadSubdistricts, loadUnits, type Named } from '../shared/reference.ts';
import type { Category, Unit } from '../shared/types.ts';
import { placeWord } from '../shared/words.ts';
import type { CentreIncident } from './incident.ts';
import { withoutMark } from '../shared/invented.ts';
import { shortCommunity, shortSubdistrict } from './short-names.ts';

/** What the unit list answers beyond the shared type. */
export interface CentreUnit extends Unit {
  readonly typeZh?: string;
  readonly typeEn?: string;
  /** What units of its type do. */
  readonly dutyZh?: string;
  readonly dutyEn?: string;
  readonly mayLead?: boolean;
  /** Where it is at home. */
  readonly subdistrict: string;
  readonly scopeKind: 'area' | 'district';
  /** Codes of the subdistricts it serves. */
  readonly scope: readonly string[];
}
type Community = Named & { readonly subdistrict: string };

const byCode = <T extends { readonly code: string }>(items: readonly T[]) => new Map(items.map((item) => [item.code, item]));

export const subdistricts = shallowRef<ReadonlyMap<string, Named>>(new Map());
export const communities = shallowRef<ReadonlyMap<string, Community>>(new Map());
export const units = shallowRef<ReadonlyMap<string, CentreUnit>>(new Map());
export const categories = shallowRef<ReadonlyMap<string, Category>>(new Map());

/** Reads all four lists; one that fails leaves its codes in place of names and does not stop the rest. */
export async function loadNames(): Promise<void> {
  await Promise.allSettled([
    loadSubdistricts().then((items) => (subdistricts.value = byCode(items))),
    loadCommunities().then((items) => (communities.value = byCode(items))),
    loadUnits().then((items) => (units.value = byCode(items as readonly CentreUnit[]))),
    loadCategories().then((items) => (categories.value = byCode(items))),
  ]);
}

export const subdistrictName = (code: string) => nameOf(subdistricts.value.get(code)) || code;
export const subdistrictShort = (code: string) => shortSubdistrict(subdistrictName(code));
export const communityName = (code: string) => nameOf(communities.value.get(code)) || code;
export const communityShort = (code: string) => shortCommunity(communityName(code));
export const unitName = (code: string) => nameOf(units.value.get(code)) || code;
/** For rows; the drawer's list and the dispatch tab keep the mark. */
export const unitShort = (code: string) => withoutMark(unitName(code));
export const unitType = (unit: CentreUnit) => (locale.value === 'en' ? unit.typeEn : unit.typeZh) ?? '';
export const categoryName = (code: string) => nameOf(categories.value.get(code)) || code;

const NAME_OF_ROLE = new Map([
  ['unit', unitShort],
  ['community', communityShort],
  ['subdistrict', subdistrictName],
]);
/**
 * An account as people call it: “大观社区”, “燃气抢修队”, else role and code. Accounts are named after their place.
 * @param account for example `community.441802006001`, `system`; `grid` where the person's own name is not told.
 */
export function accountName(account: string): string {
  const [role = '', code = ''] = account.split('.');
  const named = code ? NAME_OF_ROLE.get(role)?.(code) : undefined;
  if (named && named !== code) return named;
  // Who reported is hidden from units and members: they get the role alone.
  if (role === 'grid') return code ? `${t('centre.actors.gridWorker')} ${cellShort(code)}` : t('centre.actors.gridWorker');
  const word = ROLE_WORDS.has(role) ? t(`centre.actors.${role}`) : role;
  const second = account.split('.')[2];
  return second ? `${word} ${second}` : word;
}
const ROLE_WORDS = new Set([
  'system',
  'resident',
  'person',
  'district',
  'leader',
  'member',
  'auditor',
  'admin',
  'community',
  'subdistrict',
  'unit',
]);

const NAME_OF_PLACE = new Map([
  ['unit', unitShort],
  ['community', communityShort],
  ['subdistrict', subdistrictName],
]);
/** A place that is told, as people call it. @param place for example `unit:drainage-1`, `leader` */
export function placeName(place: string): string {
  const [kind = '', code = ''] = place.split(':');
  const name = NAME_OF_PLACE.get(kind)?.(code);
  return name === undefined || name === code ? placeWord(place, locale.value) : name;
}

/** “第 5 网格”, from the last three digits: the cells' own names repeat the community's. */
export function cellShort(code: string): string {
  const number = Number(code.slice(-3));
  return locale.value === 'en' ? `cell ${number}` : `第 ${number} 网格`;
}

/** What fails first in the eye: the condition that opens the row (“井盖丢失”), else the category's name. */
export function conditionOf(code: string): string {
  const category = categories.value.get(code);
  return (locale.value === 'en' ? category?.openEn : category?.openZh) ?? '';
}

/** What was said of it, without the kind that the page of a grid worker who writes nothing puts before the condition: “盖子丢失或翻起”. */
export function troubleOf({ category, description }: Pick<CentreIncident, 'category' | 'description'>): string {
  const kind = `${categories.value.get(category)?.nameZh ?? ''}：`;
  return description.startsWith(kind) ? description.slice(kind.length) : description;
}

/** Lower-case words of every open unit, place and category in both languages: what the search field looks through. */
export const searchWords = computed(() => {
  const names = (thing: { nameZh?: string; nameEn?: string | null } | undefined) => `${thing?.nameZh ?? ''} ${thing?.nameEn ?? ''}`;
  return (incident: CentreIncident): string =>
    [
      incident.number,
      incident.description,
      incident.cell,
      names(subdistricts.value.get(incident.subdistrict)),
      names(communities.value.get(incident.community)),
      names(categories.value.get(incident.category)),
      ...incident.assignments.map((a) => names(units.value.get(a.unit))),
    ]
      .join(' ')
      .toLowerCase();
});
