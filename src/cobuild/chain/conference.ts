/**
 * 联席会商: the conference of a committee, one in each quarter: date, agenda, replies, minutes. What it resolves is in `resolution.ts`. Pure.
 */
import { dayAt, type Day, daysBetween, type Quarter, quarterOf, quarterSpan } from './days.ts';
import { type CobuildRefusal, refused } from './refusals.ts';
import { type Law, type Part, permit } from './table.ts';

export const CONFERENCE_STATES = [
  { name: 'planned', zh: '已排期', en: 'date set', end: false },
  { name: 'announced', zh: '已通知', en: 'announced', end: false },
  { name: 'held', zh: '已召开', en: 'held', end: true },
  { name: 'cancelled', zh: '已取消', en: 'cancelled', end: true },
] as const;
export type ConferenceState = (typeof CONFERENCE_STATES)[number]['name'];

export const CONFERENCE_MOVES = [
  { from: 'none', verb: 'plan', to: 'planned', by: ['office', 'above'] },
  { from: 'planned', verb: 'amend', to: 'planned', by: ['office', 'above'] },
  { from: 'planned', verb: 'announce', to: 'announced', by: ['office', 'above'] },
  { from: 'planned', verb: 'hold', to: 'held', by: ['office'] },
  { from: 'planned', verb: 'cancel', to: 'cancelled', by: ['office', 'above'] },
  { from: 'announced', verb: 'amend', to: 'announced', by: ['office', 'above'] },
  { from: 'announced', verb: 'reply', to: 'announced', by: ['member'] },
  { from: 'announced', verb: 'hold', to: 'held', by: ['office'] },
  { from: 'announced', verb: 'cancel', to: 'cancelled', by: ['office', 'above'] },
  { from: 'held', verb: 'correct', to: 'held', by: ['office'] },
] as const satisfies Law<ConferenceState>['moves'];
export type ConferenceVerb = (typeof CONFERENCE_MOVES)[number]['verb'];
export const CONFERENCE_LAW: Law<ConferenceState, ConferenceVerb> = {
  kind: 'conference',
  states: CONFERENCE_STATES,
  moves: CONFERENCE_MOVES,
};

/** What an item of the agenda comes from; `other`: somebody typed it. */
export const AGENDA_KINDS = ['overdue', 'ruling', 'need', 'agreement', 'term', 'resolution', 'other'] as const;
export type AgendaKind = (typeof AGENDA_KINDS)[number];

export interface AgendaItem {
  readonly kind: AgendaKind;
  /** What a person reads below the heading of its kind; for `other` it is the whole. */
  readonly textZh: string;
  readonly textEn: string;
  /** Numbers of incidents, codes of needs, agreements, members, resolutions. */
  readonly refs: readonly string[];
  /** How long it may take. */
  readonly minutes: number;
}

export interface Conference {
  readonly code: string;
  readonly version: number;
  readonly state: ConferenceState;
  readonly committee: string;
  /** Of the committee. */
  readonly place: string;
  readonly quarter: Quarter;
  readonly startsAt: Date;
  readonly venueZh: string;
  readonly venueEn: string;
  readonly agenda: readonly AgendaItem[];
  readonly minutes: string;
  /** Codes of the members who came. */
  readonly attended: readonly string[];
}

export interface ConferenceTime {
  readonly startsAt: Date;
  readonly venueZh: string;
  readonly venueEn: string;
}

export type ConferenceCommand =
  | ({ readonly verb: 'amend'; readonly agenda?: readonly AgendaItem[] } & Partial<ConferenceTime>)
  | { readonly verb: 'announce' }
  | { readonly verb: 'reply'; readonly coming: boolean; readonly note?: string }
  | { readonly verb: 'hold' | 'correct'; readonly minutes: string; readonly attended: readonly string[] }
  | { readonly verb: 'cancel'; readonly reason: string };

/** Ours: half of the quarter is over (45 days) and no date is set – early enough to invite, late enough not to nag. Then once more near its end. */
export const MISSING_WARNINGS_DAYS_LEFT = [46, 15] as const;

/** Which of the warnings of a quarter without a meeting are due on that day, by the days that are left. */
export function missingWarnings(quarter: Quarter, today: Day): number[] {
  const { first, last } = quarterSpan(quarter);
  if (today < first || today > last) return [];
  const left = daysBetween(today, last);
  return MISSING_WARNINGS_DAYS_LEFT.filter((days) => left <= days);
}

/** A meeting belongs to the quarter in which it is held. */
export function inQuarter(quarter: Quarter, startsAt: Date): boolean {
  return quarterOf(dayAt(startsAt)) === quarter;
}

/** @param members  codes of those who may attend. */
export function decideConference(
  conference: Conference,
  command: ConferenceCommand,
  parts: ReadonlySet<Part>,
  { now, members }: { readonly now: Date; readonly members: ReadonlySet<string> },
): { readonly ok: true; readonly next: Conference } | CobuildRefusal {
  const permitted = permit(CONFERENCE_LAW, conference.state, command.verb, parts);
  if (!permitted.ok) return permitted;
  const next: Conference = { ...conference, version: conference.version + 1, state: permitted.move.to };
  switch (command.verb) {
    case 'amend': {
      const { verb: _, startsAt, ...rest } = command;
      if (startsAt !== undefined && startsAt <= now) return refused('date-in-past');
      if (startsAt !== undefined && !inQuarter(conference.quarter, startsAt))
        return refused('not-in-quarter', quarterSpan(conference.quarter));
      return { ok: true, next: { ...next, ...rest, startsAt: startsAt ?? next.startsAt } };
    }
    case 'announce':
      if (conference.agenda.length === 0) return refused('agenda-empty');
      return conference.startsAt <= now ? refused('date-in-past') : { ok: true, next };
    case 'reply':
      return conference.startsAt <= now ? refused('too-late') : { ok: true, next };
    case 'hold':
      if (conference.startsAt > now) return refused('not-held-yet', { startsAt: conference.startsAt.toISOString() });
      return withMinutes(next, command, members);
    case 'correct':
      return withMinutes(next, command, members);
    case 'cancel':
      return { ok: true, next };
  }
}

function withMinutes(
  next: Conference,
  { minutes, attended }: { readonly minutes: string; readonly attended: readonly string[] },
  members: ReadonlySet<string>,
): { readonly ok: true; readonly next: Conference } | CobuildRefusal {
  if (minutes.trim() === '') return refused('no-minutes');
  const stranger = attended.find((code) => !members.has(code));
  if (stranger !== undefined) return refused('unknown-member', { member: stranger });
  return { ok: true, next: { ...next, minutes, attended: [...new Set(attended)].sort() } };
}
