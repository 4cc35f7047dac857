/** Sentences about one incident that queue, map and drawer share. */
import { locale, t } from '../shared/i18n.ts';
import { leftShort, leftWords, toneOf, usedPart, type TimeTone } from '../shared/time.ts';
import type { WireAssignment, WireDeadline } from '../shared/types.ts';
import { assistantsMissing, type CentreIncident } from './incident.ts';
import { clockWord, levelWord } from '../shared/words.ts';
import { categoryName, communityShort, subdistrictShort, unitShort } from './names.ts';
import { shownDeadline } from './queue/groups.ts';

const OPEN = new Set(['assigned', 'acknowledged', 'enRoute', 'onScene']);

export const openAssignments = (incident: CentreIncident): readonly WireAssignment[] =>
  incident.assignments.filter((a) => OPEN.has(a.state));
export const leadOf = (incident: CentreIncident): WireAssignment | undefined =>
  openAssignments(incident).find((a) => a.role === 'lead') ?? incident.assignments.findLast((a) => a.role === 'lead');

/** Parts of one sentence, with the comma of the language. */
export const joined = (parts: readonly string[]): string => parts.join(locale.value === 'en' ? ', ' : '，');
/** Names in a row: 、in Chinese. */
export const listed = (names: readonly string[]): string => names.join(locale.value === 'en' ? ', ' : '、');

/** Who holds the incident now: the unit, or the office whose step it is. */
export function holderOf(incident: CentreIncident): string {
  switch (incident.state) {
    case 'reported':
    case 'verifying':
    case 'checking':
      return communityShort(incident.community);
    case 'called':
    case 'coordinating':
    case 'disposed':
    case 'suspended':
      return subdistrictShort(incident.subdistrict);
    default: {
      // A lead that has finished holds nothing any more: those that still work do.
      const open = openAssignments(incident);
      const first = open.find((a) => a.role === 'lead') ?? open[0] ?? leadOf(incident);
      if (!first) return subdistrictShort(incident.subdistrict);
      return open.length > 1 ? t('centre.queue.units', { name: unitShort(first.unit), n: open.length }) : unitShort(first.unit);
    }
  }
}

export interface TimeShown {
  readonly deadline: WireDeadline;
  readonly used: number;
  readonly tone: TimeTone;
  /** 9:51, 超 6 分, 周一 10:00. */
  readonly short: string;
  /** For a screen reader: 还剩 9 分. */
  readonly words: string;
}
export function timeOf(incident: CentreIncident, now: Date): TimeShown | null {
  const deadline = shownDeadline(incident.deadlines);
  if (!deadline) return null;
  const used = usedPart(deadline, now);
  return {
    deadline,
    used,
    tone: toneOf(used),
    short: leftShort(deadline.dueAt, now, locale.value),
    words: leftWords(deadline.dueAt, now, locale.value),
  };
}

/** “燃气二队 到场”, “凤城 派遣”: whose turn it is and what is waited for; with the lead done, which presses of those that help it. */
export function nextStepOf(incident: CentreIncident, deadline: WireDeadline): string {
  const what = clockWord(deadline.clock, locale.value);
  const unitClock = deadline.clock === 'acknowledge' || deadline.clock === 'arrive' || deadline.clock === 'resolve';
  const missing = unitClock ? assistantsMissing(incident) : null;
  if (missing) {
    const parts = (['acknowledge', 'arrive', 'finish'] as const).filter((press) => missing[press] > 0);
    const presses = listed(parts.map((press) => t(`centre.drawer.press.${press}`, { n: missing[press] })));
    return t('centre.drawer.waitsForAssistants', { n: missing.units, presses });
  }
  const lead = leadOf(incident);
  const who = unitClock && lead ? unitShort(lead.unit) : deadline.clock === 'total' ? '' : holderOf(incident);
  if (!who) return what;
  return locale.value === 'en' ? `${what}: ${who}` : `${who} ${what}`;
}

/** Everything a row says, as one sentence for readers and tooltips. */
export function rowSentence(incident: CentreIncident, now: Date): string {
  const time = timeOf(incident, now);
  return joined([
    ...(incident.drill ? [t('shared.drill')] : []),
    levelWord(incident.level, locale.value),
    categoryName(incident.category),
    communityShort(incident.community),
    ...(time ? [time.words] : []),
  ]);
}
