/** What a notice is about, in one line: what, where, whose, until when. */
import type { NoticeItem } from '../../../src/ws/notice-item.ts';
import { dayInChina, dayWords, quarterWords } from '../../shared/day-words.ts';
import { locale, t } from '../../shared/i18n.ts';
import { serverNow } from '../../shared/server-time.ts';
import { dayTime } from '../../shared/time.ts';
import { categoryName, cellShort, communityShort, subdistrictName, unitName } from '../names.ts';

/** “井盖 · 大观第 5 网格 · 20261120-0413”; of a roster “凤城派出所 · 今天 20:00”; of a rating the number; of 共建共治 what it is called, and its day. */
export function noticeAbout(item: NoticeItem): string {
  const { category, cell, number, about } = item;
  if (category && cell)
    return [categoryName(category), `${communityShort(cell.slice(0, 12))}${cellGap()}${cellShort(cell)}`, number].join(' · ');
  const text = textsOf(about);
  if (text('number')) return text('number');
  if (text('kind')) return cobuildAbout(item);
  const unit = text('unit');
  const from = text('from') || text('at');
  const when = from && !Number.isNaN(Date.parse(from)) ? dayTime(from, serverNow(), locale.value) : '';
  return [unit && unitName(unit), when].filter(Boolean).join(' · ') || t('centre.views.roster');
}

/** “校门口早高峰护学岗 · 凤城街道 · 还差 2 · 12月18日到期”. */
function cobuildAbout({ about, subject, body }: NoticeItem): string {
  const text = textsOf(about);
  const say = (words: NoticeItem['subject']) => (locale.value === 'en' ? words?.en : words?.zh) ?? '';
  const place = text('place');
  const left = about?.['left'];
  const parts = [
    say(subject),
    place && (place.length === 12 ? communityShort(place) : subdistrictName(place)),
    say(body),
    text('quarter') && quarterWords(text('quarter'), locale.value),
    typeof left === 'number' && left > 0 && t('shared.notices.left', { n: left }),
    dayOf(text),
  ];
  return [...new Set(parts)].filter(Boolean).join(' · ');
}

/** What ends says its last day; what begins, when. */
function dayOf(text: (key: string) => string): string {
  const now = serverNow();
  const ends = text('until') || text('dueOn');
  const day = ends.length > 10 ? dayInChina(new Date(ends)) : ends;
  if (day) return t('shared.notices.until', { day: dayWords(day, locale.value, dayInChina(now).slice(0, 4)) });
  return text('startsAt') && t('shared.notices.begins', { time: dayTime(text('startsAt'), now, locale.value) });
}

const textsOf = (about: NoticeItem['about']) => (key: string) => (typeof about?.[key] === 'string' ? (about[key] as string) : '');
const cellGap = () => (locale.value === 'en' ? ', ' : '');

/** The part of 共建 where it is worked on, and what opens it there. */
const PART_OF: Readonly<Record<string, string>> = {
  need: 'needs',
  booking: 'resources',
  project: 'projects',
  activity: 'activities',
  appraisal: 'appraisals',
  committee: 'committees',
  member: 'committees',
  conference: 'conferences',
  resolution: 'conferences',
  agreement: 'agreements',
  leader: 'leaders',
};
/** As the address has it: `part=needs&need=need-01`. */
export function cobuildWay(about: NonNullable<NoticeItem['about']>): Readonly<Record<string, string>> {
  const text = textsOf(about);
  const part = PART_OF[text('kind')];
  if (part === undefined) return {};
  if (part === 'needs') return { part, need: text('code') };
  return part === 'resources' ? { part, resource: text('resource') } : { part };
}
