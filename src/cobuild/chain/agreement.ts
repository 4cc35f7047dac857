/** 协议共建: an agreement between a committee and a member unit: which of the five links, for how long, what is promised. Pure. */
import { type Day, daysBetween } from './days.ts';
import type { Link } from './links.ts';
import { type CobuildRefusal, refused } from './refusals.ts';
import { type Law, type Part, permit } from './table.ts';

export const AGREEMENT_STATES = [
  { name: 'offered', zh: '待签', en: 'waits for signature', end: false },
  { name: 'active', zh: '履行中', en: 'running', end: false },
  { name: 'expired', zh: '已到期', en: 'expired', end: false },
  { name: 'ended', zh: '已终止', en: 'ended', end: true },
  { name: 'declined', zh: '对方未签', en: 'declined', end: true },
  { name: 'withdrawn', zh: '已撤回', en: 'withdrawn', end: true },
] as const;
export type AgreementState = (typeof AGREEMENT_STATES)[number]['name'];

/** `record`: signed on paper, as most are. */
export const AGREEMENT_MOVES = [
  { from: 'none', verb: 'offer', to: 'offered', by: ['office'] },
  { from: 'none', verb: 'record', to: 'active', by: ['office'] },
  { from: 'offered', verb: 'amend', to: 'offered', by: ['office'] },
  { from: 'offered', verb: 'sign', to: 'active', by: ['member'] },
  { from: 'offered', verb: 'decline', to: 'declined', by: ['member'] },
  { from: 'offered', verb: 'withdraw', to: 'withdrawn', by: ['office'] },
  { from: 'active', verb: 'offerRenewal', to: 'active', by: ['office', 'member'] },
  { from: 'active', verb: 'renew', to: 'active', by: ['office', 'member'] },
  { from: 'active', verb: 'end', to: 'ended', by: ['office', 'member'] },
  { from: 'active', verb: 'expire', to: 'expired', by: ['system'] },
  { from: 'expired', verb: 'offerRenewal', to: 'expired', by: ['office', 'member'] },
  { from: 'expired', verb: 'renew', to: 'active', by: ['office', 'member'] },
] as const satisfies Law<AgreementState>['moves'];
export type AgreementVerb = (typeof AGREEMENT_MOVES)[number]['verb'];
export const AGREEMENT_LAW: Law<AgreementState, AgreementVerb> = { kind: 'agreement', states: AGREEMENT_STATES, moves: AGREEMENT_MOVES };

/** Source: the same 30 days as an appointment's. */
export const AGREEMENT_WARNING_DAYS = 30;

export interface Agreement {
  readonly code: string;
  readonly version: number;
  readonly state: AgreementState;
  readonly committee: string;
  /** Of the committee. */
  readonly place: string;
  readonly member: string;
  readonly links: readonly Link[];
  readonly from: Day;
  readonly until: Day;
  /** Both sides have signed. */
  readonly signedOn: Day | null;
  readonly commitmentZh: string;
  readonly commitmentEn: string;
  /** What the commitment became: a need or a shared resource, by its code. */
  readonly becomes: { readonly kind: 'need' | 'resource'; readonly code: string } | null;
  /** A renewal that the other side has not answered. */
  readonly renewal: { readonly until: Day; readonly by: 'office' | 'member' } | null;
}

export interface Terms {
  readonly links: readonly Link[];
  readonly from: Day;
  readonly until: Day;
  readonly commitmentZh: string;
  readonly commitmentEn: string;
}

export type AgreementCommand =
  | ({ readonly verb: 'amend' } & Partial<Terms>)
  | { readonly verb: 'sign' }
  | { readonly verb: 'decline' | 'end' | 'withdraw'; readonly reason: string }
  | { readonly verb: 'offerRenewal'; readonly until: Day }
  | { readonly verb: 'renew' | 'expire' };

/** Days until it runs out, when that is near enough to speak of. */
export function endsSoon({ state, until }: Pick<Agreement, 'state' | 'until'>, today: Day): number | null {
  if (state !== 'active') return null;
  const days = daysBetween(today, until);
  return days >= 0 && days <= AGREEMENT_WARNING_DAYS ? days : null;
}

export function refusedTerms({ links, from, until }: Pick<Terms, 'links' | 'from' | 'until'>, today: Day): CobuildRefusal | null {
  if (links.length === 0) return refused('no-links');
  return until <= from || until <= today ? refused('term-too-short', { from }) : null;
}

export function decideAgreement(
  agreement: Agreement,
  command: AgreementCommand,
  parts: ReadonlySet<Part>,
  today: Day,
): { readonly ok: true; readonly next: Agreement } | CobuildRefusal {
  const permitted = permit(AGREEMENT_LAW, agreement.state, command.verb, parts);
  if (!permitted.ok) return permitted;
  const next: Agreement = { ...agreement, version: agreement.version + 1, state: permitted.move.to };
  const side = parts.has('office') ? 'office' : 'member';
  switch (command.verb) {
    case 'amend': {
      const { verb: _, ...terms } = command;
      const amended = { ...next, ...terms };
      return refusedTerms(amended, today) ?? { ok: true, next: amended };
    }
    case 'sign':
      return agreement.until <= today
        ? refused('term-too-short', { from: agreement.from })
        : { ok: true, next: { ...next, signedOn: today } };
    case 'decline':
    case 'withdraw':
      return { ok: true, next };
    case 'end':
      return { ok: true, next: { ...next, renewal: null } };
    case 'offerRenewal':
      if (command.until <= agreement.until || command.until <= today) return refused('term-too-short', { from: agreement.until });
      return { ok: true, next: { ...next, renewal: { until: command.until, by: side } } };
    case 'renew':
      if (agreement.renewal === null) return refused('no-renewal-offered');
      if (agreement.renewal.by === side) return refused('own-renewal');
      if (agreement.renewal.until <= today) return refused('term-too-short', { from: agreement.until });
      return { ok: true, next: { ...next, until: agreement.renewal.until, renewal: null } };
    case 'expire':
      return today <= agreement.until ? refused('no-such-move') : { ok: true, next };
  }
}
