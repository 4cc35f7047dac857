/** The draft of a conference's agenda: what the committee should speak of, found in what is late, unclaimed, disputed or about to end. Pure. */
import type { AgendaItem, AgendaKind } from './conference.ts';

/** One thing to speak of, as a line in both languages; no names of persons. */
export interface AgendaFact {
  readonly kind: Exclude<AgendaKind, 'other'>;
  /** Number of an incident, or code of the object. */
  readonly ref: string;
  readonly zh: string;
  readonly en: string;
}

/** In the order in which they are spoken of. Ours: how long each may take, so that a meeting fits into an hour. */
export const AGENDA_ORDER = [
  { kind: 'overdue', zh: '超时事件', en: 'Overdue incidents', minutes: 10 },
  { kind: 'ruling', zh: '三次同样的裁定', en: 'Three equal rulings', minutes: 10 },
  { kind: 'need', zh: '无人认领的需求', en: 'Needs that nobody claimed', minutes: 15 },
  { kind: 'resolution', zh: '上次议定、还没办结的事', en: 'Resolutions not done yet', minutes: 10 },
  { kind: 'agreement', zh: '快到期的协议', en: 'Agreements about to end', minutes: 5 },
  { kind: 'term', zh: '快到期的任期', en: 'Terms about to end', minutes: 5 },
] as const satisfies readonly { kind: AgendaKind; zh: string; en: string; minutes: number }[];

/** Lines of one item that are written out; of the rest it says how many. */
const SHOWN = 3;

/** One item for each kind that there is something of. */
export function draftAgenda(facts: readonly AgendaFact[]): AgendaItem[] {
  return AGENDA_ORDER.flatMap(({ kind, minutes }): AgendaItem[] => {
    const own = facts.filter((fact) => fact.kind === kind);
    if (own.length === 0) return [];
    const shown = own.slice(0, SHOWN);
    const more = own.length - shown.length;
    return [
      {
        kind,
        textZh: shown.map((fact) => fact.zh).join('；') + (more > 0 ? ` 等 ${own.length} 项` : ''),
        textEn: shown.map((fact) => fact.en).join('; ') + (more > 0 ? ` and ${more} more` : ''),
        refs: own.map((fact) => fact.ref),
        minutes,
      },
    ];
  });
}

/** The draft in the place of what was drafted before; what people typed stays, after it. */
export function redraft(agenda: readonly AgendaItem[], facts: readonly AgendaFact[]): AgendaItem[] {
  return [...draftAgenda(facts), ...agenda.filter((item) => item.kind === 'other')];
}

/** The heading of an item; null for one that somebody typed: there the text is all. */
export function agendaHeading(kind: AgendaKind): { readonly zh: string; readonly en: string } | null {
  return AGENDA_ORDER.find((row) => row.kind === kind) ?? null;
}
