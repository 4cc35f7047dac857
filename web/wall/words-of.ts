/** Standings and days in words. */
import { locale, t } from '../shared/i18n.ts';
import type { Standing } from './board.ts';

/** 落后 6 / 超前 1 / 持平; with the sign before it, because colour alone says nothing. */
export function gapWord({ gap }: Pick<Standing, 'gap'>): string {
  if (gap < 0) return t('wall.behind', { n: -gap });
  return gap > 0 ? t('wall.ahead', { n: gap }) : t('wall.even');
}
export const gapSign = ({ gap }: Pick<Standing, 'gap'>): string => (gap < 0 ? '▼' : gap > 0 ? '▲' : '●');

/** 9月12日; 12 Sep. */
export function dayWord(day: string): string {
  if (locale.value === 'en')
    return new Date(`${day}T00:00:00Z`).toLocaleDateString('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' });
  return `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`;
}

/** 凤城街道 → 凤城, on the map where there is no room. */
export const shortPlace = (name: string): string =>
  name
    .replace(/(街道|镇)(办事处)?$/, '')
    .replace(/ (Subdistrict|Town)$/i, '')
    .replace(/(社区)?居委会$/, '社区')
    .replace(/村委会$/, '村');
