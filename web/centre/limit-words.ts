/** A limit in words: counted minutes and hours; working time of more than a day in working days. */
import { t } from '../shared/i18n.ts';
import type { Category, WireDeadline } from '../shared/types.ts';
import { workdayHours } from './calendar-facts.ts';

const HOUR_MS = 3_600_000;
const short = (n: number) => String(Math.round(n * 10) / 10);

export function limitWords(deadline: Pick<WireDeadline, 'limitMs' | 'kind'>): string {
  const hours = deadline.limitMs / HOUR_MS;
  if (hours < 1) return t('centre.deadline.minutes', { n: Math.round(deadline.limitMs / 60_000) });
  if (deadline.kind === 'working' && hours >= workdayHours.value)
    return t('centre.deadline.days', { n: short(hours / workdayHours.value) });
  return t('centre.deadline.hours', { n: short(hours) });
}

export function categoryLimit(category: Category): string {
  const unit = category.limitUnit === 'workdays' ? 'days' : category.limitUnit;
  return t(`centre.deadline.${unit}`, { n: category.limitValue });
}
