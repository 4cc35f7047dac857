/** Playing an hour of the log: which one, where it is wound to, how fast it runs. The live state goes on beside it. */
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { Replay } from '../../../src/dispatch/overview-schemas.ts';
import { asProblem, type ApiProblem } from '../../shared/problem.ts';
import { HOUR_MS, lastHour, readReplay, writeReplay } from './address.ts';
import { makeTape, type Standing, type Tape } from './tape.ts';

export const SPEEDS = [1, 10, 30, 60, 120] as const;
export type Speed = (typeof SPEEDS)[number];
/** The hand moves so often; the map draws twice a second anyway. */
const TICK_MS = 250;

export interface ReplayDeps {
  readonly read: (from: string, signal: AbortSignal) => Promise<Replay>;
  /** The service's time, epoch ms. */
  readonly nowMs: () => number;
}

export function makeReplay({ read, nowMs }: ReplayDeps) {
  /** Beginning of the hour, epoch ms; null: what is live is shown. */
  const from = ref<number | null>(readReplay(location.search));
  const tape = shallowRef<Tape | null>(null);
  const status = ref<'loading' | 'ready' | 'failed'>('loading');
  const problem = shallowRef<ApiProblem | null>(null);
  /** Where the hand stands, epoch ms, and how many moves lie behind it. */
  const atMs = ref(0);
  const index = ref(0);
  const playing = ref(false);
  const speed = ref<Speed>(60);
  const chosen = ref<string | null>(null);
  const standing = shallowRef<readonly Standing[]>([]);
  /** The tape that `standing` was read from. */
  let wound: Tape | null = null;
  let reading: AbortController | undefined;
  let ticking: ReturnType<typeof setInterval> | undefined;

  const remember = () => history.replaceState(null, '', location.pathname + writeReplay(location.search, from.value) + location.hash);

  async function load(): Promise<void> {
    reading?.abort();
    pause();
    tape.value = null;
    standing.value = [];
    problem.value = null;
    if (from.value === null) return;
    status.value = 'loading';
    atMs.value = from.value;
    const mine = (reading = new AbortController());
    try {
      const made = makeTape(await read(new Date(from.value).toISOString(), mine.signal));
      if (reading !== mine) return;
      tape.value = made;
      status.value = 'ready';
      wind(0, made.fromMs);
    } catch (thrown) {
      if (reading !== mine || mine.signal.aborted) return;
      problem.value = asProblem(thrown);
      status.value = 'failed';
    }
  }
  function wind(to: number, ms: number): void {
    if (!tape.value) return;
    const next = Math.min(Math.max(0, to), tape.value.moves.length);
    atMs.value = Math.min(Math.max(tape.value.fromMs, ms), tape.value.untilMs);
    // The hand moves four times a second, mostly without passing a move.
    if (next === index.value && wound === tape.value) return;
    index.value = next;
    wound = tape.value;
    standing.value = tape.value.wind(next);
  }

  function open(ms: number = lastHour(nowMs())): void {
    from.value = Math.min(ms, nowMs() - 60_000);
    chosen.value = null;
    remember();
    void load();
  }
  function close(): void {
    from.value = null;
    chosen.value = null;
    remember();
    void load();
  }
  /** By whole moves, and the hand stands where the move was made. */
  function goTo(to: number): void {
    pause();
    if (tape.value) wind(to, tape.value.timeAt(to));
  }
  function seek(ms: number): void {
    if (tape.value) wind(tape.value.indexAt(ms), ms);
  }
  function pause(): void {
    playing.value = false;
    clearInterval(ticking);
  }
  function play(): void {
    if (!tape.value || playing.value) return;
    // At the end it begins anew.
    if (atMs.value >= tape.value.untilMs) seek(tape.value.fromMs);
    playing.value = true;
    let last = performance.now();
    ticking = setInterval(() => {
      const now = performance.now();
      const next = atMs.value + (now - last) * speed.value;
      last = now;
      seek(next);
      if (tape.value && next >= tape.value.untilMs) pause();
    }, TICK_MS);
  }
  const returned = () => {
    const there = readReplay(location.search);
    if (there === from.value) return;
    from.value = there;
    chosen.value = null;
    void load();
  };
  addEventListener('popstate', returned);
  onScopeDispose(() => {
    removeEventListener('popstate', returned);
    pause();
    reading?.abort();
  });
  watch(chosen, (id) => id !== null && pause());
  if (from.value !== null) void load();

  return {
    on: computed(() => from.value !== null),
    from,
    /** Of the hour; less where it has not ended yet. */
    until: computed(() => tape.value?.untilMs ?? (from.value ?? 0) + HOUR_MS),
    tape,
    status,
    problem,
    atMs,
    index,
    playing,
    speed,
    chosen,
    standing,
    /** The chosen incident where the tape is. */
    looked: computed(() => (chosen.value && standing.value && tape.value ? tape.value.standing(chosen.value) : null)),
    open,
    close,
    retry: load,
    goTo,
    step: (by: 1 | -1) => goTo(index.value + by),
    seek: (ms: number) => (pause(), seek(ms)),
    toggle: () => (playing.value ? pause() : play()),
    /** Shifts the hour; never beyond now. */
    shift: (ms: number) => open((from.value ?? 0) + ms),
    mayShift: (ms: number) => from.value !== null && from.value + ms < nowMs() - 60_000,
  };
}
export type ReplayState = ReturnType<typeof makeReplay>;
