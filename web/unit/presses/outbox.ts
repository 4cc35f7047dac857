/** Keeps presses, sends them in order, tells what waits and what was refused. */
import { type ComputedRef, type Ref, computed, ref, shallowRef } from 'vue';
import { ApiProblem, api, asProblem, newKey } from '../../shared/api.ts';
import { serverNow } from '../../shared/server-time.ts';
import type { WireIncident } from '../../shared/types.ts';
import {
  type Press,
  type QueuedCommand,
  alreadyReached,
  hurried,
  isStep,
  meaningOf,
  nextToSend,
  nextTryMs,
  postponed,
  refused,
  waiting,
} from './queue.ts';
import type { KeptPresses } from './store.ts';

export interface Outbox {
  readonly presses: Ref<readonly Press[]>;
  readonly waiting: ComputedRef<readonly Press[]>;
  readonly refused: ComputedRef<readonly Press[]>;
  /** Key of the press that is on its way now. */
  readonly sending: Ref<string | null>;
  /** False: this browser keeps nothing when the page is closed, and the page must say so. */
  readonly durable: Ref<boolean>;
  press(incident: string, command: QueuedCommand): Promise<void>;
  /** Takes a refused press off the list. */
  dismiss(key: string): Promise<void>;
  /** The network is back, or somebody pressed 现在就送. */
  hurry(): void;
  stop(): void;
}

export interface OutboxDeps {
  readonly account: string;
  readonly kept: KeptPresses;
  /** Called with every incident that an answer brought, also the one read after a refusal. */
  onIncident(incident: WireIncident): void;
}

export function openOutbox(deps: OutboxDeps): Outbox {
  const { store } = deps.kept;
  const durable = ref(deps.kept.durable);
  const presses = shallowRef<readonly Press[]>(deps.kept.presses);
  const sending = ref<string | null>(null);
  let timer: ReturnType<typeof setTimeout> | null = null;
  let stopped = false;

  async function keep(press: Press): Promise<void> {
    presses.value = [...presses.value.filter((p) => p.key !== press.key), press];
    await store.put(press).catch(() => (durable.value = false));
  }
  async function forget(key: string): Promise<void> {
    presses.value = presses.value.filter((p) => p.key !== key);
    await store.remove(key).catch(() => undefined);
  }

  async function send(press: Press): Promise<void> {
    try {
      const answer = await api.post<{ incident: WireIncident }>(`/incidents/${press.incident}/moves`, press.command, {
        key: press.key,
        patient: false,
      });
      deps.onIncident(answer.incident);
      await forget(press.key);
    } catch (thrown) {
      const problem = asProblem(thrown);
      const meaning = meaningOf(problem.status === 0 ? null : problem.status);
      // Signed out: api has already led to the sign-in page, the press waits for the same account.
      if (meaning === 'again' || meaning === 'signIn') return keep(postponed(press, Date.now()));
      if (await reachedByAnother(press)) return forget(press.key);
      await keep({ ...press, refusal: { code: problem.code, whatToDo: problem.whatToDo } });
    }
  }

  /** Reads the incident again after a refusal: the list shall show how things stand, and a mate may have pressed first. */
  async function reachedByAnother(press: Press): Promise<boolean> {
    try {
      const incident = await api.get<WireIncident>(`/incidents/${press.incident}`);
      deps.onIncident(incident);
      const { command } = press;
      return isStep(command) && alreadyReached(press, incident.assignments.find((a) => a.id === command.assignment)?.state);
    } catch (thrown) {
      if (thrown instanceof ApiProblem) return false;
      throw thrown;
    }
  }

  async function run(): Promise<void> {
    if (stopped || sending.value !== null) return;
    for (
      let next = nextToSend(presses.value, deps.account, Date.now());
      next && !stopped;
      next = nextToSend(presses.value, deps.account, Date.now())
    ) {
      sending.value = next.key;
      try {
        await send(next);
      } finally {
        sending.value = null;
      }
    }
    const at = nextTryMs(presses.value, deps.account);
    if (timer !== null) clearTimeout(timer);
    timer = at === null || stopped ? null : setTimeout(() => void run(), Math.max(0, at - Date.now()));
  }

  function hurry(): void {
    presses.value = hurried(presses.value, deps.account);
    void run();
  }
  window.addEventListener('online', hurry);

  const outbox: Outbox = {
    presses,
    waiting: computed(() => waiting(presses.value, deps.account)),
    refused: computed(() => refused(presses.value, deps.account)),
    sending,
    durable,
    async press(incident, command) {
      const order = Math.max(0, ...presses.value.map((p) => p.order)) + 1;
      const pressedAt = serverNow().toISOString();
      await keep({ key: newKey(), account: deps.account, incident, command, order, pressedAt, attempts: 0, notBeforeMs: 0, refusal: null });
      void run();
    },
    dismiss: forget,
    hurry,
    stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      window.removeEventListener('online', hurry);
    },
  };
  void run();
  return outbox;
}
