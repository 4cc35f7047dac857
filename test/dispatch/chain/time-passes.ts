/** Time that passes over one incident: the system does what is due, each at its own instant. */
import { decide } from '../../../src/dispatch/chain/decide.ts';
import { dueCommand, nextDue } from '../../../src/dispatch/chain/due.ts';
import type { Incident, Move } from '../../../src/dispatch/chain/incident.ts';
import type { Rules } from '../../../src/dispatch/chain/levels.ts';
import { facts, RULES, SYSTEM } from './world.ts';

/** Everything that is due up to `until`, in order. @throws Error if a command of the system is refused, or time does not get on. */
export function passes(
  incident: Incident,
  until: Date,
  rules: Rules = RULES,
): { readonly incident: Incident; readonly moves: readonly Move[] } {
  const moves: Move[] = [];
  let now = incident;
  for (let due = nextDue(now); due !== null && Date.parse(due) <= until.getTime(); due = nextDue(now)) {
    const at = new Date(due);
    const decision = decide(now, dueCommand(now, at)!, SYSTEM, facts({ now: at, rules }));
    if (!decision.ok) throw new Error(JSON.stringify(decision.refusal));
    moves.push(decision.move);
    now = decision.next;
    if (moves.length > 1_000) throw new Error('time does not get on');
  }
  return { incident: now, moves };
}

/** What the ladder said: clock, share and when, in China's time. */
export function rungsOf(moves: readonly Move[], clock: 'step' | 'total'): string[] {
  return moves.filter((m) => m.payload.clock === clock).map((m) => `${m.payload.share ?? 'again'} ${chinaTime(m.at)}`);
}

export function chinaTime(at: string): string {
  return new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(5, 16).replace('T', ' ');
}

/** An instant in China's time. */
export const china = (text: string): Date => new Date(`${text.replace(' ', 'T')}:00+08:00`);
