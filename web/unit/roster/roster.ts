/** 值班: the unit's roster and what this device is signed on for, read again each minute and after every press. */
import { type InjectionKey, type Ref, inject, onScopeDispose, ref, shallowRef } from 'vue';
import { dateAt } from '../../../src/china-time.ts';
import { api, newKey } from '../../shared/api.ts';
import { type HandOver, type OpenWork, type SignOn, type Span, type UnitRoster } from '../../shared/rosters.ts';
import { serverNow } from '../../shared/server-time.ts';

const READ_EVERY_MS = 60_000;
/** A week to be seen, and the next to choose a swap from. */
const DAYS = 14;

interface Change {
  readonly at: string;
  readonly fromCrew: string;
  readonly toCrew: string;
}
/** What the crew at this device would hand over now. */
export interface Due {
  readonly change: Change | null;
  readonly openWork: readonly OpenWork[] | null;
}

export interface Roster {
  readonly unit: string;
  readonly data: Ref<UnitRoster | null>;
  readonly signOn: Ref<SignOn | null>;
  readonly due: Ref<Due | null>;
  /** Why it could not be read. */
  readonly problem: Ref<unknown>;
  /** Why the last press was not taken. */
  readonly refused: Ref<unknown>;
  readonly busy: Ref<boolean>;
  read(): Promise<void>;
  goOn(crew: string): Promise<boolean>;
  goOff(): Promise<boolean>;
  handOver(note: string): Promise<boolean>;
  takeOver(given: HandOver): Promise<boolean>;
  askSwap(body: { other: string; gives: Span; takes: Span | null; reason: string }): Promise<boolean>;
  answerSwap(id: string, answer: 'accepted' | 'declined' | 'withdrawn'): Promise<boolean>;
  fill(span: Span, crew: string, reason: string): Promise<boolean>;
}

export const ROSTER: InjectionKey<Roster> = Symbol('roster');
export function useRoster(): Roster {
  const roster = inject(ROSTER);
  if (!roster) throw new Error('a part of the roster was mounted outside of the unit page');
  return roster;
}

/** Lives as long as the page: the list warns of a hole too. */
export function startRoster(unit: string): Roster {
  const data = shallowRef<UnitRoster | null>(null);
  const signOn = shallowRef<SignOn | null>(null);
  const due = shallowRef<Due | null>(null);
  const problem = shallowRef<unknown>(null);
  const refused = shallowRef<unknown>(null);
  const busy = ref(false);
  let turn = 0;

  async function read(): Promise<void> {
    const mine = ++turn;
    try {
      const from = dateAt(serverNow());
      const [roster, on, change] = await Promise.all([
        api.get<UnitRoster>(`/rosters/units/${unit}`, { from, days: DAYS }),
        api.get<SignOn>('/rosters/duty'),
        api.get<Due>(`/rosters/units/${unit}/hand-over`),
      ]);
      if (mine !== turn) return;
      data.value = roster;
      signOn.value = on;
      due.value = change;
      problem.value = null;
    } catch (thrown) {
      if (mine === turn) problem.value = thrown;
    }
  }

  /** A press under a key of its own: sent again after a lost answer, it is the same press. */
  async function press(send: (key: string) => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    refused.value = null;
    try {
      await send(newKey());
      await read();
      return true;
    } catch (thrown) {
      refused.value = thrown;
      // Most refusals say that the roster is another by now.
      void read();
      return false;
    } finally {
      busy.value = false;
    }
  }

  void read();
  const timer = setInterval(() => document.visibilityState === 'visible' && void read(), READ_EVERY_MS);
  onScopeDispose(() => clearInterval(timer));

  const path = `/rosters/units/${unit}`;
  return {
    unit,
    data,
    signOn,
    due,
    problem,
    refused,
    busy,
    read,
    goOn: (crew) => press(() => api.put('/rosters/duty', { crew })),
    goOff: () => press(() => api.del('/rosters/duty')),
    handOver: (note) => press((key) => api.post(`${path}/hand-overs`, { note }, { key })),
    takeOver: ({ id }) => press(() => api.post(`/rosters/hand-overs/${id}/take`, undefined)),
    askSwap: (body) => press((key) => api.post(`${path}/swaps`, body, { key })),
    answerSwap: (id, answer) => press(() => api.post(`/rosters/swaps/${id}/answer`, { answer })),
    fill: (span, crew, reason) => press((key) => api.post(`${path}/overrides`, { ...span, crew, reason, replace: true }, { key })),
  };
}
