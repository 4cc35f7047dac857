/** What the caller may start as an office, and the fields that every form of it begins with. */
import { LINKS, type Link } from '../../../src/cobuild/chain/links.ts';
import { linkName } from '../../shared/cobuild/words.ts';
import { nameOf, t } from '../../shared/i18n.ts';
import { me } from '../../shared/session.ts';
import type { Field } from './fields.ts';
import type { Committee } from './types.ts';

/** How the codes of all places begin for which the caller's office acts; null: it is no office. */
export function officeArea(): string | null {
  const { role, district, subdistrict, community } = me.value ?? {};
  switch (role) {
    case 'community':
      return community ?? null;
    case 'subdistrict':
      return subdistrict ?? null;
    case 'district':
      return String(district);
    default:
      return null;
  }
}

/** The member that the caller is; null for everybody else. */
export function ownMember(): string | null {
  const { role, account = '' } = me.value ?? {};
  return role === 'member' ? account.replace(/^member\./, '') : null;
}

/** Committees at which the caller's office may start something: its own place's, and those of places inside it. */
export function committeesOfOffice(all: readonly Committee[]): readonly Committee[] {
  const area = officeArea();
  return area === null ? [] : all.filter((one) => one.state === 'active' && one.place.startsWith(area));
}

/** The first one is chosen already: mostly there is only one. */
export function committeeField(committees: readonly Committee[], label = t('centre.cobuild.needs.committee')): Field {
  return {
    kind: 'choice',
    name: 'committee',
    label,
    wide: true,
    choices: committees.map((one) => ({ value: one.code, label: nameOf(one) })),
    value: committees[0]?.code ?? '',
  };
}

export function linkField(value: Link): Field {
  return {
    kind: 'choice',
    name: 'link',
    label: t('centre.cobuild.needs.link'),
    choices: LINKS.map((one) => ({ value: one.code, label: linkName(one.code) })),
    value,
  };
}
