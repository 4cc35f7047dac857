/** The terms of an agreement as fields: the same when one is made and when its offer is changed. */
import { LINKS } from '../../../../src/cobuild/chain/links.ts';
import { dayInChina, yearsOn } from '../../../shared/day-words.ts';
import { locale, t } from '../../../shared/i18n.ts';
import { serverNow } from '../../../shared/server-time.ts';
import type { Field } from '../fields.ts';
import type { Agreement } from '../types.ts';

/** Ours: agreements of the demo world run two years, as those of the article's kind do. */
const USUAL_YEARS = 2;

export function termFields(agreement?: Agreement): readonly Field[] {
  const today = dayInChina(serverNow());
  return [
    {
      name: 'links',
      kind: 'several',
      label: t('centre.cobuild.agreement.links'),
      choices: LINKS.map((link) => ({ value: link.code, label: locale.value === 'en' ? link.en : link.zh })),
      value: agreement?.links ?? [],
    },
    { name: 'from', kind: 'day', label: t('centre.cobuild.agreement.from'), value: agreement?.from ?? today },
    {
      name: 'until',
      kind: 'day',
      label: t('centre.cobuild.agreement.until'),
      value: agreement?.until ?? yearsOn(today, USUAL_YEARS),
      min: today,
    },
    {
      name: 'commitmentZh',
      kind: 'lines',
      label: t('centre.cobuild.agreement.commitment'),
      max: 500,
      value: agreement?.commitmentZh ?? '',
    },
    {
      name: 'commitmentEn',
      kind: 'lines',
      label: t('centre.cobuild.agreement.commitmentEn'),
      max: 500,
      optional: true,
      value: agreement?.commitmentEn ?? '',
    },
  ];
}
