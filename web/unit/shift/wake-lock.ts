/** Keeps the screen on while a unit is on shift, and says whether it does: a dark phone rings late or not at all. */
import { type Ref, onScopeDispose, ref } from 'vue';

export interface WakeLock {
  /** null: the browser has none. */
  readonly on: Ref<boolean | null>;
  ask(): Promise<void>;
  release(): Promise<void>;
}

export function useWakeLock(): WakeLock {
  const possible = 'wakeLock' in navigator;
  const on = ref<boolean | null>(possible ? false : null);
  let lock: WakeLockSentinel | null = null;
  let wanted = false;

  async function take(): Promise<void> {
    if (!possible || document.visibilityState !== 'visible' || (lock && !lock.released)) return;
    try {
      lock = await navigator.wakeLock.request('screen');
      on.value = true;
      lock.addEventListener('release', () => (on.value = false));
    } catch {
      // Refused by a low battery or by the system: the check shows it, work goes on without.
      on.value = false;
    }
  }
  // The system takes the lock away whenever the page is hidden.
  const onVisible = () => void (wanted && take());
  document.addEventListener('visibilitychange', onVisible);
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', onVisible);
    void lock?.release();
  });

  return {
    on,
    ask: () => ((wanted = true), take()),
    release: async () => {
      wanted = false;
      await lock?.release();
    },
  };
}
