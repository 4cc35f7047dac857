/** Follows 共建 while a page of it is open, and only then. */
import { onBeforeUnmount, onMounted, watch } from 'vue';
import { followIncidents, workChanged } from '../incidents/store.ts';
import { online } from '../outbox/outbox.ts';
import { load } from './store.ts';

/** How often it is read again while there is a network and no socket, as where a proxy lets none through, ms. [ours] */
const LOOK_EVERY_MS = 60_000;

export function useCobuild(): void {
  const live = followIncidents();
  const look = () => document.visibilityState === 'visible' && online.value && void load();
  let timer: ReturnType<typeof setInterval> | undefined;
  onMounted(() => {
    void load();
    timer = setInterval(() => live.state.value !== 'live' && look(), LOOK_EVERY_MS);
    document.addEventListener('visibilitychange', look);
  });
  onBeforeUnmount(() => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', look);
  });
  // The socket says when there is a network again, and what changed; what it said while nobody looked is read with the next look.
  watch(live.state, (state) => state === 'live' && look());
  watch(workChanged, look);
}
