/** Rules and proposals as the service sends them. */
import type { Ownership, ResponsibilityRule } from '../../../src/grid/responsibility.ts';
import type { Time } from '../../shared/types.ts';

export interface Rule extends ResponsibilityRule {
  readonly acceptedBy: string;
  readonly endedAt: Time | null;
  readonly endedBy: string | null;
  readonly endReason: string | null;
}

export interface Proposal {
  readonly id: string;
  readonly category: string;
  readonly community: string;
  readonly unit: string;
  readonly ownership: Ownership | null;
  readonly at: Time;
  readonly evidence: readonly { readonly incident: string; readonly number: string; readonly ruling: string; readonly at: Time }[];
  readonly replaces: { readonly id: string; readonly unit: string } | null;
  readonly answer: 'accepted' | 'refused' | null;
  readonly answeredAt: Time | null;
  readonly answeredBy: string | null;
  readonly reason: string | null;
}
