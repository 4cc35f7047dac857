/** How a need and its claims stand, and when an activity is, in words. */
import { CLAIM_LAW } from '../../../src/cobuild/chain/need.ts';
import { stateRow } from '../../../src/cobuild/chain/table.ts';
import type { Activity, Claim, Need } from '../../shared/cobuild/types.ts';
import { amount } from '../../shared/cobuild/words.ts';
import { dayInChina } from '../../shared/day-words.ts';
import { locale, t } from '../../shared/i18n.ts';
import { clockTime, dayTime } from '../../shared/time.ts';

/** 还差 2 人, or how it ended. */
export function restWords(need: Pick<Need, 'state' | 'left' | 'unitZh' | 'unitEn'>): string {
  if (need.state === 'confirmed' || need.state === 'withdrawn' || need.state === 'closed') return t(`field.cobuild.states.${need.state}`);
  return need.left === 0 ? t('field.cobuild.full') : t('field.cobuild.left', { amount: amount(need.left, need) });
}

/** As the table of claims calls it. */
export function claimStateWord(state: Claim['state']): string {
  const { zh, en } = stateRow(CLAIM_LAW, state);
  return locale.value === 'en' ? `${en.slice(0, 1).toUpperCase()}${en.slice(1)}` : zh;
}

/** 周六 09:00–11:30; the day of the end only where it is another one. */
export function whenWords({ startsAt, endsAt }: Pick<Activity, 'startsAt' | 'endsAt'>, now: Date): string {
  const sameDay = dayInChina(new Date(startsAt)) === dayInChina(new Date(endsAt));
  return `${dayTime(startsAt, now, locale.value)}–${sameDay ? clockTime(endsAt) : dayTime(endsAt, now, locale.value)}`;
}
