/** Places and owners as people call them. */
import { communityShort, subdistrictName } from '../names.ts';
import { locale, t } from '../../shared/i18n.ts';
import type { Member } from './types.ts';

/** A code of 12 digits is a community's, of 9 a subdistrict's. */
export function placeOf(code: string): string {
  if (code.length === 12) return communityShort(code);
  return code.length === 9 ? subdistrictName(code) : t('centre.cobuild.wholeDistrict');
}

/** `member:<code>`, `community:<code>` or `subdistrict:<code>`. @param members  those whose names are known. */
export function ownerName(owner: string, members: readonly Member[]): string {
  const [kind = '', code = ''] = owner.split(':');
  if (kind !== 'member') return placeOf(code);
  const member = members.find((one) => one.code === code);
  return member === undefined ? code : orgName(member);
}

export const orgName = (thing: { readonly orgZh: string; readonly orgEn: string }) => (locale.value === 'en' ? thing.orgEn : thing.orgZh);
