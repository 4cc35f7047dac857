/** What a notice is about, in one line. */
import type { NoticeItem } from '../../../src/ws/notice-item.ts';
import { locale, t } from '../../shared/i18n.ts';
import { serverNow } from '../../shared/server-time.ts';
import { dayTime } from '../../shared/time.ts';
import { dayInChina, dayWords } from '../cobuild/day-words.ts';
import { categoryName, cellShort, communityShort, subdistrictName, unitName } from '../names.ts';

/** “井盖 · 大观第 5 网格 · 20261120-0413”; of a roster “凤城派出所 · 今天 20:00”; of a rating the number. */
export function noticeAbout({ category, cell, number, about }: NoticeItem): string {
  if (category && cell)
    return [categoryName(category), `${communityShort(cell.slice(0, 12))}${cellGap()}${cellShort(cell)}`, number].join(' · ');
  const text = (key: string) => (typeof about?.[key] === 'string' ? (about[key] as string) : '');
  if (text('number')) return text('number');
  if (text('kind') && text('code')) return cobuildAbout(text('place') || text('code'), text('until') || text('dueOn') || text('startsAt'));
  const unit = text('unit');
  const from = text('from') || text('at');
  const when = from && !Number.isNaN(Date.parse(from)) ? dayTime(from, serverNow(), locale.value) : '';
  return [unit && unitName(unit), when].filter(Boolean).join(' · ') || t('centre.views.roster');
}

/** Of 共建共治: whose committee, and the day that matters. */
function cobuildAbout(place: string, day: string): string {
  const name = place.length === 12 ? communityShort(place) : subdistrictName(place);
  return [name, day && dayWords(day.length > 10 ? dayInChina(new Date(day)) : day, locale.value)].filter(Boolean).join(' · ');
}

const cellGap = () => (locale.value === 'en' ? ', ' : '');
