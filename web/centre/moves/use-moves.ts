/** Making moves from the drawer: which form is open, sending, and what a refusal leaves behind. */
import { computed, inject, ref, shallowRef, watch, type InjectionKey } from 'vue';
import { api } from '../../shared/api.ts';
import { ApiProblem, asProblem } from '../../shared/problem.ts';
import { serverNow } from '../../shared/server-time.ts';
import { me } from '../../shared/session.ts';
import type { WireMove } from '../../shared/types.ts';
import type { Centre } from '../centre.ts';
import { askersOf, checkUnanswered } from '../drawer/log-lines.ts';
import type { CentreIncident } from '../incident.ts';
import { choose, INSTANT, openActions, type ActionName } from './actions.ts';
import { draftOf, dropDraft, hasDraft } from './drafts.ts';
import { bodyOf, hasForm, missing, type Field } from './forms.ts';

/** Codes after which the card on the screen is known to be old. */
const RELOAD_AFTER = new Set(['version-conflict', 'no-such-move', 'unknown-assignment', 'extension-already-asked']);

export function createMoves(centre: Centre) {
  const log = shallowRef<{ id: string; moves: readonly WireMove[] } | null>(null);
  const askers = shallowRef<{ id: string; extension?: string; forceClose?: string } | null>(null);
  const incident = computed<CentreIncident | null>(() => {
    const opened = centre.opened.value;
    if (!opened || askers.value?.id !== opened.id) return opened;
    const { extensionAsked, forceCloseProposed } = opened;
    return {
      ...opened,
      extensionAsked: extensionAsked && { ...extensionAsked, account: askers.value.extension },
      forceCloseProposed: forceCloseProposed && { ...forceCloseProposed, account: askers.value.forceClose },
    };
  });
  const who = computed(() => ({ account: me.value?.account ?? '', role: me.value?.role ?? '' }));
  const choice = computed(() =>
    incident.value ? choose(incident.value, who.value, serverNow().getTime()) : { solid: null, beside: [], menu: [] },
  );
  /** Whom the check waits for; null where it was answered, or the log is not there yet. */
  const silentChecker = computed(() => {
    const now = incident.value;
    if (!now || log.value?.id !== now.id) return null;
    return checkUnanswered(now, log.value.moves, who.value.account) ? (now.checker ?? null) : null;
  });
  const action = ref<ActionName | null>(null);
  /** The action under way, so that its button can say so. */
  const busy = ref<ActionName | null>(null);
  const problem = shallowRef<ApiProblem | null>(null);
  const lacking = ref<Field[]>([]);

  // Another incident is another desk: its forms and refusals stay with it. After a new sign-in the one that was open comes by itself.
  watch([centre.openedId, () => incident.value !== null], ([id], [before]) => {
    if (id !== before) {
      problem.value = null;
      lacking.value = [];
      action.value = null;
    }
    if (!id || !incident.value || action.value) return;
    const open = openActions(incident.value, who.value, serverNow().getTime());
    action.value = open.find((a) => a !== 'dispatch' && hasForm(a) && hasDraft(id, a)) ?? null;
  });

  function start(name: ActionName): void {
    if (!incident.value || busy.value) return;
    problem.value = null;
    lacking.value = [];
    if (name === 'dispatch') {
      action.value = null;
      centre.tab.value = 'dispatch';
    } else if (INSTANT.has(name)) void send(name, bodyOf(name, draftOf(incident.value.id, name)));
    else action.value = name;
  }
  function cancel(): void {
    action.value = null;
    problem.value = null;
    lacking.value = [];
  }
  function submit(): void {
    if (!incident.value || !action.value || busy.value) return;
    const draft = draftOf(incident.value.id, action.value);
    lacking.value = missing(action.value, draft);
    if (lacking.value.length === 0) void send(action.value, bodyOf(action.value, draft));
  }

  /** @returns whether it was taken. Whatever happens, what was typed is there until it was. */
  async function send(name: ActionName, body: Record<string, unknown>): Promise<boolean> {
    const target = incident.value;
    if (!target || busy.value) return false;
    busy.value = name;
    problem.value = null;
    const whole = { ...body, expectedVersion: target.version };
    try {
      const answer = await api.post<{ incident: CentreIncident }>(`/incidents/${target.id}/moves`, whole);
      centre.store.put([answer.incident], false);
      dropDraft(target.id, name);
      if (action.value === name) action.value = null;
      return true;
    } catch (thrown) {
      const refused = asProblem(thrown);
      if (RELOAD_AFTER.has(refused.code)) await centre.store.refresh(target.id).catch(() => undefined);
      if (centre.openedId.value === target.id) problem.value = refused;
      return false;
    } finally {
      busy.value = null;
    }
  }

  /** From the log of an incident: who waits for another person's answer. */
  function learn(id: string, moves: readonly WireMove[]): void {
    askers.value = { id, ...askersOf(moves) };
    log.value = { id, moves };
  }

  return { incident, who, choice, learn, silentChecker, action, busy, problem, lacking, start, cancel, submit, send };
}

export type Moves = ReturnType<typeof createMoves>;
export const MOVES: InjectionKey<Moves> = Symbol('moves');
/** @throws Error outside the centre's page. */
export function useMoves(): Moves {
  const moves = inject(MOVES);
  if (!moves) throw new Error('useMoves outside CentrePage');
  return moves;
}
