/** Follows 共建 while a page of it is open, and only then. */
import { onBeforeUnmount, onMounted, watch } from 'vue';
import { followIncidents, notices } from '../incidents/store.ts';
import { online } from '../outbox/outbox.ts';
import { load } from './store.ts';

/**
 * How often it is read again by itself, ms. [ours] What happens in 共建 is told to offices, members and leaders; an inbox of a cell holds what its
 * grid worker must go and look at, and a claim is nothing of that. So an open page asks, and a closed one costs no battery.
 */
const LOOK_EVERY_MS = 15_000;

export function useCobuild(): void {
  const live = followIncidents();
  const look = () => document.visibilityState === 'visible' && online.value && void load();
  let timer: ReturnType<typeof setInterval> | undefined;
  onMounted(() => {
    void load();
    timer = setInterval(look, LOOK_EVERY_MS);
    document.addEventListener('visibilitychange', look);
  });
  onBeforeUnmount(() => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', look);
  });
  // The socket says when there is a network again, and that something happened here.
  watch(live.state, (state) => state === 'live' && look());
  watch(() => notices.open.value[0]?.seq, look);
}
