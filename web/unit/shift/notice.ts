/** A notification of the system while the page is hidden; closed when the ring stops, also one that a push has shown. */
import { type Ref, ref } from 'vue';

/** `none`: the browser has none. */
export type NoticeState = 'on' | 'off' | 'denied' | 'none';

export interface Notices {
  readonly state: Ref<NoticeState>;
  ask(): Promise<void>;
  /** The browser's own answer may have changed by another question. */
  look(): void;
  show(tag: string, title: string, body: string, incident: string): void;
  close(tag: string): void;
  /** Closes those of rings that are over. @param ringing  tags that stay */
  keepOnly(ringing: ReadonlySet<string>): void;
}

function stateNow(): NoticeState {
  if (!('Notification' in window) || !window.isSecureContext) return 'none';
  return Notification.permission === 'granted' ? 'on' : Notification.permission === 'denied' ? 'denied' : 'off';
}

export function useNotices(): Notices {
  const state = ref(stateNow());
  const shown = new Map<string, Notification>();
  /** Chromium on Android shows notifications by a service worker only; it is also the one that shows pushes, and one tag is one notification. */
  const worker = () => navigator.serviceWorker?.getRegistration().catch(() => undefined);

  async function closeWhere(isOver: (tag: string) => boolean): Promise<void> {
    for (const [tag, notification] of shown) {
      if (!isOver(tag)) continue;
      notification.close();
      shown.delete(tag);
    }
    const all = (await (await worker())?.getNotifications?.()) ?? [];
    for (const notification of all) if (isOver(notification.tag)) notification.close();
  }

  async function show(tag: string, title: string, body: string, incident: string): Promise<void> {
    const options = { tag, body, requireInteraction: true, icon: '/icons/192.png', data: { incident } };
    const registration = await worker();
    if (registration?.active) return registration.showNotification(title, options);
    try {
      const notification = new Notification(title, options);
      notification.onclick = () => window.focus();
      shown.set(tag, notification);
    } catch {
      state.value = 'none';
    }
  }

  return {
    state,
    async ask() {
      if (state.value === 'none') return;
      await Notification.requestPermission();
      state.value = stateNow();
    },
    look: () => void (state.value = stateNow()),
    show(tag, title, body, incident) {
      if (state.value !== 'on' || document.visibilityState === 'visible') return;
      void show(tag, title, body, incident).catch(() => undefined);
    },
    close: (tag) => void closeWhere((other) => other === tag),
    keepOnly: (ringing) => void closeWhere((tag) => UUID.test(tag) && !ringing.has(tag)),
  };
}

/** Rings have the id of their assignment as tag; other notices are not judged here. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
