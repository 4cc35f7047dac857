/** Follows 共建 while a page of it is open, and only then. */
import { onBeforeUnmount, onMounted, watch } from 'vue';
import { followIncidents, workChanged } from '../incidents/store.ts';
import { online } from '../outbox/outbox.ts';
import { load, problem } from './store.ts';

/** How often it is read again while there is a network and no socket, as where a proxy lets none through, or while the last reading failed, ms. [ours] */
const LOOK_EVERY_MS = 60_000;
/** With a socket too: what is told between a resync and the next follow is told once, and to nobody. [ours] */
const LOOK_ANYWAY_MS = 5 * 60_000;
/** What concerns a whole subdistrict is told to hundreds of phones in one moment: each reads a little later, and once for all it was told until then, ms. [ours] */
const SPREAD_MS = 2_000;

export function useCobuild(): void {
  const live = followIncidents();
  let readAtMs = 0;
  function read(): void {
    readAtMs = Date.now();
    void load();
  }
  const look = () => document.visibilityState === 'visible' && online.value && read();
  let timer: ReturnType<typeof setInterval> | undefined;
  let told: ReturnType<typeof setTimeout> | undefined;
  onMounted(() => {
    read();
    timer = setInterval(() => {
      if (live.state.value !== 'live' || problem.value !== null || Date.now() - readAtMs >= LOOK_ANYWAY_MS) look();
    }, LOOK_EVERY_MS);
    document.addEventListener('visibilitychange', look);
  });
  onBeforeUnmount(() => {
    clearInterval(timer);
    clearTimeout(told);
    document.removeEventListener('visibilitychange', look);
  });
  // The socket says when there is a network again, and what changed; what it said while nobody looked is read with the next look.
  watch([live.state, workChanged], ([state]) => {
    if (state !== 'live') return;
    told ??= setTimeout(() => {
      told = undefined;
      look();
    }, Math.random() * SPREAD_MS);
  });
}
