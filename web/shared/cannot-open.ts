/** A page that does not know whose it is: says why and tries again, by a press, by itself, and when the network comes back. */
import { type VNode, h } from 'vue';
import ErrorStrip from './components/ErrorStrip.vue';

/** A screen on a wall has nobody who presses. */
const AGAIN_MS = 30_000;

/** @param problem  what `loadMe` has thrown. @returns what to render instead of the page. */
export function cannotOpen(problem: unknown): () => VNode {
  const again = () => location.reload();
  // Without a network a reload would end on the browser's own page, where nothing is kept by a worker.
  setInterval(() => navigator.onLine && again(), AGAIN_MS);
  addEventListener('online', again);
  return () => h(ErrorStrip, { problem, retry: again });
}
