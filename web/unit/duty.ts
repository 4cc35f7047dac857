/** Everything that runs while a unit is on duty: the list, the rings, the socket, the presses that wait, the position. Parts take it by `useDuty()`. */
import { type ComputedRef, type InjectionKey, type Ref, computed, inject, onScopeDispose, ref, shallowRef, watch } from 'vue';
import { OPEN_ASSIGNMENT } from '../../src/dispatch/chain/states.ts';
import { api, newKey, onSessionEnd, onSessionResumed } from '../shared/api.ts';
import { type Live, type PositionItem, followLive } from '../shared/live.ts';
import type { Notices } from '../shared/notices/store.ts';
import { openNotices } from '../shared/notices/use-notices.ts';
import { serverNow } from '../shared/server-time.ts';
import type { Me, MoveItem, PersonCommand, WireIncident } from '../shared/types.ts';
import { type Board, openBoard } from './board.ts';
import { type Outbox, openOutbox } from './presses/outbox.ts';
import { expectedState, type QueuedCommand, type StepVerb } from './presses/queue.ts';
import type { KeptPresses } from './presses/store.ts';
import { loadReference } from './reference.ts';
import { type Ringing, useRing } from './ring/use-ring.ts';
import { type OwnPosition, useOwnPosition } from './shift/own-position.ts';
import { type Job, limitOf, ownAssignment } from './task/mine.ts';

export interface Duty {
  readonly me: Me;
  readonly unit: string;
  readonly board: Board;
  readonly outbox: Outbox;
  readonly ringing: Ringing;
  readonly live: Live;
  /** What the unit was told besides its rings. */
  readonly notices: Notices;
  readonly position: OwnPosition;
  readonly online: Ref<boolean>;
  readonly jobs: ComputedRef<readonly Job[]>;
  /** Latest known position of the other units that one may see. */
  readonly positions: Ref<ReadonlyMap<string, PositionItem>>;
  jobOf(incident: string): Job | null;
  /** A status press: kept, sent in order, the ring stops at once. */
  step(incident: string, verb: StepVerb, assignment: string, photos?: readonly string[]): Promise<void>;
  keep(incident: string, command: QueuedCommand): Promise<void>;
  /** What needs an answer now: declining, adding, releasing, extending. @throws ApiProblem */
  ask(incident: string, command: PersonCommand): Promise<void>;
  /** Before the way to the sign-in page: nothing may ring on a device that nobody is signed in on. */
  silence(): void;
}

export const DUTY: InjectionKey<Duty> = Symbol('duty');
export function useDuty(): Duty {
  const duty = inject(DUTY);
  if (!duty) throw new Error('a part of the unit page was mounted outside of it');
  return duty;
}

/** Call it inside an effect scope that lives as long as the page. */
export function startDuty(me: Me & { readonly unit: string }, kept: KeptPresses): Duty {
  const { unit } = me;
  const ringing = useRing();
  const positions = shallowRef<ReadonlyMap<string, PositionItem>>(new Map());
  const online = ref(navigator.onLine);
  const board = openBoard(unit, rangFor, (id) => ringing.reconcile(id, []));
  const outbox = openOutbox({ account: me.account, kept, onIncident: board.take });

  let signedIn = true;
  /** Rings for what is assigned and not answered, stops what is. */
  function rangFor(incident: WireIncident): void {
    // An answer that was under way when the session ended.
    if (!signedIn) return;
    const open = incident.assignments.filter((a) => a.unit === unit && expectedState(a.state, outbox.waiting.value, a.id) === 'assigned');
    const level = incident.level;
    ringing.reconcile(
      incident.id,
      open.map((a) => ({ assignment: a.id, level, untilMs: a.until ? Date.parse(a.until) : null })),
    );
  }

  function moved(items: readonly MoveItem[]): void {
    for (const item of items) {
      const own = item.assignments?.filter((a) => a.unit === unit) ?? [];
      for (const a of own) if (a.state !== 'assigned') ringing.quiet(a.id);
      if (own.length > 0 || board.incidents.value.has(item.incident)) board.load(item.incident);
    }
  }

  const notices = openNotices((seq, stage) => live.receipt(seq, stage));
  const live = followLive({
    onMoves: moved,
    onRing(frame) {
      live.receipt(frame.seq, 'delivered');
      const { assignment, incident, seq } = frame;
      if (expectedState('assigned', outbox.waiting.value, assignment) !== 'assigned') return;
      const untilMs = frame.until ? Date.parse(frame.until) : null;
      ringing.ring({
        assignment,
        incident,
        seq,
        level: frame.level as WireIncident['level'],
        untilMs,
        sinceMs: serverNow().getTime(),
        drill: frame.drill,
      });
      board.load(incident);
    },
    onQuiet: ringing.hush,
    onNotice: notices.heard,
    onAcknowledged: notices.seenElsewhere,
    onPositions(items) {
      const next = new Map(positions.value);
      for (const item of items) next.set(item.unit, item);
      positions.value = next;
    },
    onResync() {
      void board.refresh();
      void notices.load();
    },
    onState(state) {
      if (state !== 'live') return;
      outbox.hurry();
      board.hurry();
    },
  });

  // Refused: the unit is still called, so it rings again.
  watch(outbox.refused, (now, before) => {
    for (const press of now.filter((p) => !before.includes(p))) {
      const incident = board.incidents.value.get(press.incident);
      if (incident) rangFor(incident);
    }
  });

  const jobs = computed(() => [...board.incidents.value.values()].map(jobFrom).filter((job) => job !== null));
  function jobFrom(incident: WireIncident): Job | null {
    const own = ownAssignment(incident, unit);
    if (!own) return null;
    const state = expectedState(own.state, outbox.waiting.value, own.id);
    return { incident, own, state, limit: limitOf(incident, own, state) };
  }

  const busy = computed(() => jobs.value.some((job) => OPEN_ASSIGNMENT.has(job.state)));
  const position = useOwnPosition(busy, (at) => {
    if (live.state.value !== 'live') return false;
    live.sendPosition(at);
    return true;
  });

  const network = () => (online.value = navigator.onLine);
  for (const event of ['online', 'offline'] as const) window.addEventListener(event, network);
  const silence = () => {
    ringing.stopAll();
    live.stop();
    outbox.stop();
  };
  // Nothing may ring on a device that nobody is signed in on; signed in again, the socket tells what rings.
  const stopListening = [
    onSessionEnd(() => {
      signedIn = false;
      ringing.stopAll();
    }),
    onSessionResumed(() => (signedIn = true)),
  ];
  onScopeDispose(() => {
    for (const event of ['online', 'offline'] as const) window.removeEventListener(event, network);
    for (const stop of stopListening) stop();
    silence();
  });

  void loadReference();
  void board.refresh();

  return {
    me,
    unit,
    board,
    outbox,
    ringing,
    live,
    notices,
    position,
    online,
    jobs,
    positions,
    jobOf: (id) => jobs.value.find((job) => job.incident.id === id) ?? null,
    async step(incident, verb, assignment, photos = []) {
      ringing.quiet(assignment);
      const command = { verb, assignment, deviceAt: serverNow().toISOString() };
      const phase = verb === 'finish' ? 'after' : 'before';
      await outbox.press(incident, photos.length > 0 ? { ...command, photos, phase } : command);
    },
    keep: (incident, command) => outbox.press(incident, command),
    async ask(incident, command) {
      const answer = await api.post<{ incident: WireIncident }>(`/incidents/${incident}/moves`, command, { key: newKey() });
      board.take(answer.incident);
    },
    silence,
  };
}
