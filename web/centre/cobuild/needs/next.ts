/** What the publisher's one button on a need is. Pure. */
import { isOpen } from '../../../shared/cobuild/claims.ts';
import type { Need } from '../../../shared/cobuild/types.ts';

export function nextOf(need: Need): 'confirm' | 'invite' | 'confer' | null {
  if (need.claims.some((claim) => claim.may.includes('confirm'))) return 'confirm';
  if (need.left === 0) return null;
  // Nobody came by the last day, or after an invitation: then the conference speaks of it.
  const stuck = need.overdue || (need.claimed === 0 && need.invitedAt !== null);
  if (stuck && need.conferredAt === null && need.may.includes('confer')) return 'confer';
  return need.may.includes('invite') && !need.overdue ? 'invite' : null;
}

/** Its last day is so near that somebody should look. */
export function isNear(need: Need, today: string): boolean {
  if (!isOpen(need)) return false;
  return need.overdue || (Date.parse(need.due) - Date.parse(today)) / 86_400_000 <= 7;
}

export const isWaiting = (need: Need): boolean => need.claims.some((claim) => claim.state === 'delivered');
