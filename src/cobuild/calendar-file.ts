/** Conferences as iCalendar (RFC 5545): a file for one, a feed for a committee. No person's name goes in: whoever has the address reads it. */
import ical, { ICalEventStatus } from 'ical-generator';
import { agendaHeading } from './chain/agenda.ts';
import type { AgendaItem, Conference } from './chain/conference.ts';
import type { Committee } from './chain/committee.ts';

export type Language = 'zh-CN' | 'en';

/** Ours: the agenda says how long its items take; a meeting without one is shown as an hour. */
const USUAL_MS = 60 * 60_000;

/** @param stamp  when it is given out. */
export function calendarOf(
  committee: Pick<Committee, 'code' | 'place' | 'nameZh' | 'nameEn'>,
  conferences: readonly Conference[],
  language: Language,
  stamp: Date,
): string {
  const chinese = language === 'zh-CN';
  const name = chinese ? committee.nameZh : committee.nameEn;
  const title = chinese ? `${name} 联席会商` : `${name}: joint conference`;
  const calendar = ical({ name: title, prodId: { company: 'Fengming', product: 'cobuild', language: chinese ? 'ZH' : 'EN' } });
  for (const conference of conferences) {
    const minutes = conference.agenda.reduce((sum, item) => sum + item.minutes, 0);
    calendar.createEvent({
      // The same conference is the same event for ever, under whatever address: a calendar moves it and does not show it twice.
      id: `${conference.code}@${committee.place.slice(0, 6)}.fengming`,
      sequence: conference.version,
      stamp,
      start: conference.startsAt,
      end: new Date(conference.startsAt.getTime() + (minutes === 0 ? USUAL_MS : minutes * 60_000)),
      summary: `${title} ${conference.quarter}`,
      location: chinese ? conference.venueZh : conference.venueEn,
      description: aboutOf(conference, chinese),
      status: conference.state === 'cancelled' ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    });
  }
  return calendar.toString();
}

/** The agenda; before there is one, what such a meeting speaks of. */
function aboutOf({ agenda }: Pick<Conference, 'agenda'>, chinese: boolean): string {
  if (agenda.length > 0) return agenda.map((item, k) => `${k + 1}. ${lineOf(item, chinese)}`).join('\n');
  return chinese
    ? '会商超时事件、争议裁定、待认领的需求、快到期的协议和任期，以及上次议定的事。议程定好后另行通知。'
    : 'Overdue incidents, rulings, needs that nobody has claimed, agreements and terms that end soon, and what was resolved last time. The agenda follows.';
}

function lineOf(item: AgendaItem, chinese: boolean): string {
  const heading = agendaHeading(item.kind);
  const text = chinese ? item.textZh : item.textEn;
  if (heading === null) return text;
  return chinese ? `${heading.zh}：${text}` : `${heading.en}: ${text}`;
}
