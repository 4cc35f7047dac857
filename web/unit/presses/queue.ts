/** Presses that wait for the network: what is sent next, when it is tried again, what a refusal means. Pure. */
import type { AssignmentState } from '../../../src/dispatch/chain/states.ts';
import type { PhotoPhase } from '../../../src/dispatch/chain/incident.ts';
import type { Locale } from '../../shared/types.ts';

export type StepVerb = 'acknowledge' | 'depart' | 'arrive' | 'finish';

export type QueuedCommand =
  | {
      readonly verb: StepVerb;
      readonly assignment: string;
      readonly deviceAt: string;
      readonly photos?: readonly string[];
      readonly phase?: PhotoPhase;
    }
  | { readonly verb: 'comment'; readonly text: string; readonly replyTo?: number }
  | { readonly verb: 'attach'; readonly photos: readonly string[]; readonly phase?: PhotoPhase };

export interface Press {
  /** Sent as Idempotency-Key, so that a press whose answer was lost is not written twice. */
  readonly key: string;
  /** Presses of another account on a shared phone are kept, and sent when that person signs in again. */
  readonly account: string;
  readonly incident: string;
  readonly command: QueuedCommand;
  /** Grows by one with each press on this device: the order in which they are sent. */
  readonly order: number;
  readonly pressedAt: string;
  readonly attempts: number;
  /** Not tried before, epoch milliseconds. */
  readonly notBeforeMs: number;
  /** Set once the server said no; it then waits for a person, not for the network. */
  readonly refusal: { readonly code: string; readonly whatToDo: Readonly<Record<Locale, string>> } | null;
}

/** Longest wait between two tries without any other sign that the network is back. */
const MAX_WAIT_MS = 60_000;

/** What one account still has to send, oldest first. */
export function waiting(presses: readonly Press[], account: string): readonly Press[] {
  return presses.filter((p) => p.account === account && p.refusal === null).sort((a, b) => a.order - b.order);
}

export function refused(presses: readonly Press[], account: string): readonly Press[] {
  return presses.filter((p) => p.account === account && p.refusal !== null).sort((a, b) => a.order - b.order);
}

/**
 * The press to send now, or null. Strictly in order: arriving before acknowledging would be refused,
 * so a press that has to wait holds back those after it.
 */
export function nextToSend(presses: readonly Press[], account: string, nowMs: number): Press | null {
  const first = waiting(presses, account)[0];
  return first && first.notBeforeMs <= nowMs ? first : null;
}

/** When to look again, epoch milliseconds; null when nothing waits. */
export function nextTryMs(presses: readonly Press[], account: string): number | null {
  return waiting(presses, account)[0]?.notBeforeMs ?? null;
}

/** After a lost connection or a busy server: 2 s, 4 s, 8 s … at most a minute. */
export function postponed(press: Press, nowMs: number): Press {
  const attempts = press.attempts + 1;
  return { ...press, attempts, notBeforeMs: nowMs + Math.min(MAX_WAIT_MS, 1_000 * 2 ** Math.min(attempts, 6)) };
}

/** The network is back: no reason to wait out the pause. */
export function hurried(presses: readonly Press[], account: string): readonly Press[] {
  return presses.map((p) => (p.account === account && p.refusal === null ? { ...p, notBeforeMs: 0 } : p));
}

/**
 * What an answer means for the press.
 *
 * @param status HTTP status; null when no answer came.
 */
export function meaningOf(status: number | null): 'sent' | 'again' | 'signIn' | 'refused' {
  if (status === null) return 'again';
  if (status < 300) return 'sent';
  if (status === 401) return 'signIn';
  if (status === 408 || status === 425 || status === 429 || status >= 500) return 'again';
  return 'refused';
}

const REACHED: Readonly<Record<StepVerb, AssignmentState>> = {
  acknowledge: 'acknowledged',
  depart: 'enRoute',
  arrive: 'onScene',
  finish: 'finished',
};
const ORDER: readonly AssignmentState[] = ['assigned', 'acknowledged', 'enRoute', 'onScene', 'finished'];

export function isStep(command: QueuedCommand): command is Extract<QueuedCommand, { verb: StepVerb }> {
  return command.verb in REACHED;
}

/** Refused because a mate of the same unit pressed it first: nothing to tell anybody. */
export function alreadyReached(press: Press, state: AssignmentState | undefined): boolean {
  if (!isStep(press.command) || state === undefined) return false;
  return ORDER.indexOf(state) >= ORDER.indexOf(REACHED[press.command.verb]);
}

/** The state an assignment will have once everything that waits has been taken. */
export function expectedState(state: AssignmentState, presses: readonly Press[], assignment: string): AssignmentState {
  let expected = state;
  for (const { command, refusal } of [...presses].sort((a, b) => a.order - b.order)) {
    if (refusal !== null || !isStep(command) || command.assignment !== assignment) continue;
    const reached = REACHED[command.verb];
    if (ORDER.includes(expected) && ORDER.indexOf(reached) > ORDER.indexOf(expected)) expected = reached;
  }
  return expected;
}
