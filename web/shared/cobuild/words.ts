/** Names of needs, resources and links in the language shown. */
import { LINKS, type Link } from '../../../src/cobuild/chain/links.ts';
import { locale } from '../i18n.ts';
import { withoutMark } from '../invented.ts';

const LINK_OF = new Map(LINKS.map((link) => [link.code as string, link]));

export function linkName(code: Link): string {
  const link = LINK_OF.get(code);
  return (locale.value === 'en' ? link?.en : link?.zh) ?? code;
}
export function linkShort(code: Link): string {
  const link = LINK_OF.get(code);
  return (locale.value === 'en' ? link?.shortEn : link?.shortZh) ?? code;
}

/** In English where there is any; what was written in Chinese only stays. */
export function titleOf(thing: { readonly titleZh: string; readonly titleEn: string | null }): string {
  return locale.value === 'en' ? (thing.titleEn ?? thing.titleZh) : thing.titleZh;
}

/** 3 人, 3 people. */
export function amount(n: number, { unitZh, unitEn }: { readonly unitZh: string; readonly unitEn: string | null }): string {
  return `${n} ${locale.value === 'en' ? (unitEn ?? unitZh) : unitZh}`;
}

export function shortOrg(thing: { readonly orgZh: string; readonly orgEn: string }): string {
  return withoutMark(locale.value === 'en' ? thing.orgEn : thing.orgZh);
}
