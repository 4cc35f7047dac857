/**
 * What the one solid button says, and what else can be done: from the assignment's state, the part played and what the server allows. Pure.
 *
 * One press, one line of the log: whoever signs has not left yet, and a routine job signed for in the morning is driven to in the afternoon. So signing
 * (签收) and going (出发) are two buttons, never one that says both.
 */
import type { Level } from '../../../src/dispatch/chain/incident.ts';
import type { AssignmentState, Verb } from '../../../src/dispatch/chain/states.ts';
import type { StepVerb } from '../presses/queue.ts';

export interface NextStep {
  /** The solid button; null once the unit has nothing left to do. */
  readonly main: StepVerb | null;
  /** The one after it, for whoever is there already: departing may be skipped, and often is. */
  readonly beside: 'arrive' | null;
  /** Finishing without having pressed arrive: units forget buttons, the rules accept it. */
  readonly shortcut: 'finish' | null;
}

const NOTHING: NextStep = { main: null, beside: null, shortcut: null };

export function nextStep(state: AssignmentState): NextStep {
  switch (state) {
    case 'assigned':
      return { ...NOTHING, main: 'acknowledge' };
    case 'acknowledged':
      return { main: 'depart', beside: 'arrive', shortcut: 'finish' };
    case 'enRoute':
      return { main: 'arrive', beside: null, shortcut: 'finish' };
    case 'onScene':
      return { ...NOTHING, main: 'finish' };
    case 'finished':
    case 'declined':
    case 'released':
      return NOTHING;
  }
}

export type SideAction = 'addUnit' | 'comment' | 'decline' | 'extend';

const BEFORE_ARRIVAL: ReadonlySet<AssignmentState> = new Set(['assigned', 'acknowledged', 'enRoute']);

/**
 * The outlined buttons, the most needed first. R1 is never extended, and nothing twice before the first answer.
 *
 * @param may what the server allows now; declining is also bound to the own assignment, which `may` does not know.
 */
export function sideActions(
  state: AssignmentState,
  role: 'lead' | 'assist',
  level: Level,
  may: readonly Verb[],
  extensionAsked = false,
): readonly SideAction[] {
  const actions: SideAction[] = [];
  if (role === 'lead' && may.includes('addUnit')) actions.push('addUnit');
  if (may.includes('comment')) actions.push('comment');
  if (BEFORE_ARRIVAL.has(state) && may.includes('decline')) actions.push('decline');
  if (role === 'lead' && may.includes('extend') && level !== 'R1' && state !== 'assigned' && !extensionAsked) actions.push('extend');
  return actions;
}
