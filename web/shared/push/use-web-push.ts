/** Web push of this device: whether it is on, how to switch it on, and whether a push comes through. It lives as long as the session: each sign-in subscribes anew. */
import { type Ref, onScopeDispose, ref, watch } from 'vue';
import { api, onSessionEnd, onSessionResumed } from '../api.ts';
import { locale } from '../i18n.ts';
import { type FromWorker, isFromWorker } from './messages.ts';

/** `none`: not in this browser, or not without https; `unreachable`: the browser did not reach its push service, or the service did not take the address. */
export type WebPushState = 'on' | 'off' | 'denied' | 'none' | 'unreachable';
/** Of the push that tries it out. `late`: it has not come in time, as where a network lets no push service through. */
export type PushTrial = 'none' | 'sent' | 'arrived' | 'late';

export interface WebPush {
  readonly state: Ref<WebPushState>;
  readonly trial: Ref<PushTrial>;
  /** Asks the person, then subscribes. From a press only: browsers ask for nothing else. */
  ask(): Promise<void>;
  /** Has one push sent to this device. */
  tryOut(): Promise<void>;
}

/** A worker that is not there by then is none: a page that is not built has no worker. */
const WORKER_WAIT_MS = 10_000;
/** Push services take a second or two; a phone in deep sleep may take longer, but this one is in somebody's hand. */
const TRIAL_MS = 20_000;

const possible = () => 'serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis && isSecureContext;

function stateNow(): WebPushState {
  if (!possible()) return 'none';
  return Notification.permission === 'denied' ? 'denied' : 'off';
}

/** @param heard  called with what the worker says; the page reads anew, or goes where the notification leads */
export function useWebPush(heard: (said: FromWorker) => void): WebPush {
  const state = ref<WebPushState>(stateNow());
  const trial = ref<PushTrial>('none');
  let trialId: number | null = null;
  let late: ReturnType<typeof setTimeout> | undefined;

  async function subscribe(): Promise<void> {
    if (!possible() || Notification.permission !== 'granted') return void (state.value = stateNow());
    try {
      const registration = await workerOf();
      if (!registration) return void (state.value = 'none');
      const { publicKey } = await api.get<{ publicKey: string }>('/push/key');
      const subscription = await subscriptionOf(registration.pushManager, bytesOf(publicKey));
      await api.post('/push/subscriptions', { ...keysOf(subscription), locale: locale.value });
      state.value = 'on';
    } catch {
      // The browser says no more than that its push service did not answer.
      state.value = 'unreachable';
    }
  }

  const onMessage = ({ data }: MessageEvent<unknown>): void => {
    if (!isFromWorker(data)) return;
    if (data.type === 'pushed' && data.message.type === 'test') {
      if (trialId === null || data.message.id === trialId) arrived();
      return;
    }
    heard(data);
  };
  function arrived(): void {
    clearTimeout(late);
    trial.value = 'arrived';
  }

  if (possible()) {
    navigator.serviceWorker.addEventListener('message', onMessage);
    // The service forgets the device with its session: until the person has signed in again nothing comes through, and the page must not say that it does.
    const stopEnd = onSessionEnd(() => void (state.value === 'on' && (state.value = 'off')));
    const stopResumed = onSessionResumed(() => void subscribe());
    onScopeDispose(() => {
      navigator.serviceWorker.removeEventListener('message', onMessage);
      stopEnd();
      stopResumed();
      clearTimeout(late);
    });
    void subscribe();
    // The device is told in the language that its page speaks.
    watch(locale, () => void (state.value === 'on' && subscribe()));
  }

  return {
    state,
    trial,
    async ask() {
      if (!possible()) return;
      await Notification.requestPermission();
      await subscribe();
    },
    async tryOut() {
      if (state.value !== 'on') return;
      clearTimeout(late);
      trial.value = 'sent';
      // Until the answer names it, any trial is this one.
      trialId = null;
      late = setTimeout(() => (trial.value = 'late'), TRIAL_MS);
      try {
        trialId = (await api.post<{ id: number }>('/push/test', undefined)).id;
      } catch {
        clearTimeout(late);
        trial.value = 'late';
      }
    },
  };
}

/** The page's worker, once it can hear pushes; null without one. */
async function workerOf(): Promise<ServiceWorkerRegistration | null> {
  const none = new Promise<null>((resolve) => setTimeout(() => resolve(null), WORKER_WAIT_MS));
  return Promise.race([navigator.serviceWorker.ready, none]);
}

/** What the browser has, if it is bound to the service's key; else a new one. */
async function subscriptionOf(manager: PushManager, key: Uint8Array<ArrayBuffer>): Promise<PushSubscription> {
  const known = await manager.getSubscription();
  if (known && isSame(known.options.applicationServerKey, key)) return known;
  await known?.unsubscribe();
  return manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

function keysOf(subscription: PushSubscription): { endpoint: string; keys: Record<string, string> } {
  const { endpoint, keys } = subscription.toJSON();
  return { endpoint: endpoint ?? subscription.endpoint, keys: keys ?? {} };
}

function isSame(known: ArrayBuffer | null, key: Uint8Array): boolean {
  if (!known || known.byteLength !== key.byteLength) return false;
  return new Uint8Array(known).every((byte, i) => byte === key[i]);
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
