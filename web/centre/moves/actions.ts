/** What a person may do next with an incident, and which of it is the one solid button. Pure. */
import { MARKS, MOVES, type By } from '../../../src/dispatch/chain/states.ts';

/** What choosing needs of an incident as it comes over the wire. */
export interface Movable {
  readonly state: string;
  readonly level: string;
  readonly may: readonly string[];
  readonly arbitration?: { readonly state: string } | null;
  readonly extensionAsked?: { readonly account?: string } | null;
  readonly forceCloseProposed?: { readonly account?: string; readonly at: string } | null;
  readonly supervisions?: readonly { readonly mayReply: boolean }[];
  readonly review?: { readonly answeredAt: string | null } | null;
}

/** A verb, or one of those that mean something of their own: asking to one person and answering to another, a word to all and a reply to one. */
export type ActionName = string;
export const VERB_OF = new Map<ActionName, string>([
  ['answerExtension', 'extend'],
  ['confirmForceClose', 'forceClose'],
  ['reply', 'comment'],
  ['answerReview', 'comment'],
]);
export function verbOf(action: ActionName): string {
  return VERB_OF.get(action) ?? action;
}

/** Verbs of the responding unit's own page: the centre shows what came of them, it does not press them. */
const UNIT_VERBS = new Set(['acknowledge', 'depart', 'arrive', 'finish', 'decline', 'lapse', 'report']);
/** Sent at a press: nothing to fill in, and a later move takes each of them back. */
export const INSTANT: ReadonlySet<ActionName> = new Set(['call', 'accept', 'resume', 'unmerge']);
/** Ends or throws back somebody's work: outlined in the warning colour, never solid. */
export const GRAVE: ReadonlySet<ActionName> = new Set([
  'abort',
  'forceClose',
  'reject',
  'withdraw',
  'recall',
  'failCheck',
  'failSpotCheck',
  'endDrill',
]);

/** The likely next step of a state, best first; the first that the person may make is the solid button. */
const LIKELY = new Map<string, readonly ActionName[]>([
  ['reported', ['call']],
  ['verifying', ['answerVerification']],
  ['called', ['accept']],
  ['coordinating', ['dispatch']],
  ['dispatched', ['urge']],
  ['responding', ['urge']],
  ['handling', ['urge']],
  ['suspended', ['resume']],
  // The check first: evidence closes without anybody having looked, so it is never the button that is pressed by habit.
  ['disposed', ['assignCheck', 'acceptEvidence']],
  ['checking', ['confirmClose']],
  ['rejected', ['appeal']],
  ['referred', ['returnReferral']],
]);
/** What stands outlined beside the solid button, best first; the rest is under the menu. */
const BESIDE = new Map<string, readonly ActionName[]>([
  ['reported', ['requestVerification', 'reject', 'urge', 'regrade']],
  ['verifying', ['urge', 'comment']],
  ['called', ['raise', 'returnCall', 'urge']],
  ['coordinating', ['regrade', 'returnCall', 'urge']],
  ['dispatched', ['addUnit', 'regrade']],
  ['responding', ['addUnit', 'regrade']],
  ['handling', ['addUnit', 'suspend']],
  ['suspended', ['urge', 'comment']],
  ['disposed', ['acceptEvidence', 'urge']],
  ['checking', ['failCheck', 'failSpotCheck']],
  ['closed', ['reopen']],
  ['merged', ['unmerge']],
]);
const BESIDE_COUNT = 2;

export interface Choice {
  readonly solid: ActionName | null;
  readonly beside: readonly ActionName[];
  readonly menu: readonly ActionName[];
}

/** Whether this role has the verb in some state at all, by the chain's table. */
export function everMay(verb: string, role: string | undefined): boolean {
  return [...MOVES, ...MARKS].some((row) => row.verb === verb && (row.by as readonly By[]).includes(role as By));
}
/** Offices that take calls and visits, and report for the resident. */
export const takesCalls = (role: string | undefined): boolean => role === 'district' || role === 'subdistrict' || role === 'community';

/** Who acts, as far as choosing depends on it. */
export interface Person {
  readonly account: string;
  readonly role: string;
}
/** Others may ask for an extension, but not answer. */
const GRANTS: ReadonlySet<string> = new Set(['subdistrict', 'district']);

/** A proposal to close by force that is older has lapsed: proposing starts anew. */
const CONFIRM_WITHIN_MS = 24 * 3_600_000;

/** Every action open to this person, the two-sided verbs told apart by who asked. While one waits for another person, it is not offered twice. */
export function openActions(incident: Movable, who: Person, now: number): ActionName[] {
  const proposed = incident.forceCloseProposed;
  const proposal = proposed && now - Date.parse(proposed.at) <= CONFIRM_WITHIN_MS ? proposed : null;
  return incident.may.flatMap((verb) => {
    if (UNIT_VERBS.has(verb)) return [];
    if (verb === 'extend' && incident.extensionAsked) {
      return GRANTS.has(who.role) && incident.extensionAsked.account !== who.account ? ['answerExtension'] : [];
    }
    if (verb === 'comment') {
      const reply = incident.supervisions?.some((s) => s.mayReply) ? ['reply'] : [];
      const review = incident.review && !incident.review.answeredAt && GRANTS.has(who.role) ? ['answerReview'] : [];
      return [...reply, ...review, 'comment'];
    }
    if (verb === 'forceClose' && proposal) return proposal.account !== who.account ? ['confirmForceClose'] : [];
    return [verb];
  });
}

export function choose(incident: Movable, who: Person, now: number): Choice {
  const open = openActions(incident, who, now);
  const may = new Set(open);
  const asked = [
    ...(incident.arbitration?.state === 'pending' ? ['arbitrate'] : []),
    'confirmForceClose',
    'answerExtension',
    'answerReview',
    ...(LIKELY.get(incident.state) ?? []),
  ];
  // R1 and R2 close by a check on the spot only, so looking at the photos is no likely step there.
  const evidenceWillDo = incident.level === 'R3' || incident.level === 'R4';
  const solid = asked.find((a) => may.has(a) && (a !== 'acceptEvidence' || evidenceWillDo)) ?? null;
  // Somebody waits for the reply, so it is always in sight.
  const beside = ['reply', ...(BESIDE.get(incident.state) ?? [])].filter((a) => a !== solid && may.has(a)).slice(0, BESIDE_COUNT);
  const shown = new Set([solid, ...beside]);
  return { solid, beside, menu: open.filter((a) => !shown.has(a)) };
}
