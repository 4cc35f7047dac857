/** How a need and its claims stand, and when an activity is, in words. */
import { CLAIM_LAW } from '../../../src/cobuild/chain/need.ts';
import { stateRow } from '../../../src/cobuild/chain/table.ts';
import type { Activity, Claim, Need } from '../../shared/cobuild/types.ts';
import { amount } from '../../shared/cobuild/words.ts';
import { locale, t } from '../../shared/i18n.ts';
import { timeRange } from '../../shared/time.ts';

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

/** 11月28日 周六 09:00–11:30. */
export function whenWords({ startsAt, endsAt }: Pick<Activity, 'startsAt' | 'endsAt'>, now: Date): string {
  return timeRange(startsAt, endsAt, now, locale.value);
}
