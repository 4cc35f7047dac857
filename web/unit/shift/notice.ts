/** A notification of the system while the page is hidden; closed when the ring stops. */
import { type Ref, ref } from 'vue';

/** `none`: the browser has none, or only through a service worker (Android). */
export type NoticeState = 'on' | 'off' | 'denied' | 'none';

export interface Notices {
  readonly state: Ref<NoticeState>;
  ask(): Promise<void>;
  show(tag: string, title: string, body: string): void;
  close(tag: string): void;
}

function stateNow(): NoticeState {
  if (!('Notification' in window) || !window.isSecureContext) return 'none';
  return Notification.permission === 'granted' ? 'on' : Notification.permission === 'denied' ? 'denied' : 'off';
}

export function useNotices(): Notices {
  const state = ref(stateNow());
  const shown = new Map<string, Notification>();
  return {
    state,
    async ask() {
      if (state.value === 'none') return;
      await Notification.requestPermission();
      state.value = stateNow();
    },
    show(tag, title, body) {
      if (state.value !== 'on' || document.visibilityState === 'visible') return;
      try {
        const notice = new Notification(title, { tag, body, requireInteraction: true, icon: '/icon.svg' });
        notice.onclick = () => window.focus();
        shown.set(tag, notice);
      } catch {
        // Chromium on Android allows notifications from a service worker only.
        state.value = 'none';
      }
    },
    close(tag) {
      shown.get(tag)?.close();
      shown.delete(tag);
    },
  };
}
