/** What is asked of a member: the same when one is proposed and when it is corrected. */
import { ORG_KIND_WORDS, ORG_KINDS } from '../../../src/cobuild/chain/member.ts';
import { locale, t } from '../../shared/i18n.ts';
import { units, unitName } from '../names.ts';
import type { Field } from './fields.ts';
import type { Member } from './types.ts';

/** @param member  what stands there now; absent: nothing yet. */
export function memberFields(member?: Member): readonly Field[] {
  const line = (name: 'orgZh' | 'orgEn' | 'personZh' | 'personEn' | 'postZh' | 'postEn', max: number): Field => ({
    name,
    kind: 'line',
    label: t(`centre.cobuild.member.${name}`),
    max,
    ...(member === undefined ? {} : { value: member[name] }),
  });
  return [
    line('orgZh', 80),
    line('orgEn', 120),
    {
      name: 'orgKind',
      kind: 'choice',
      label: t('centre.cobuild.member.orgKind'),
      choices: ORG_KINDS.map((kind) => ({ value: kind, label: ORG_KIND_WORDS[kind][locale.value === 'en' ? 'en' : 'zh'] })),
      value: member?.orgKind ?? '',
    },
    {
      name: 'unit',
      kind: 'choice',
      label: t('centre.cobuild.member.unit'),
      optional: true,
      choices: [...units.value.keys()].map((code) => ({ value: code, label: unitName(code) })),
      value: member?.unit ?? '',
    },
    line('personZh', 40),
    line('personEn', 80),
    line('postZh', 60),
    line('postEn', 100),
  ];
}
