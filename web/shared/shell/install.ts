/** Onto the home screen: the browser's own offer, kept until the person wants it. */
import { computed, ref, type Ref } from 'vue';

/** What Chromium gives before it would offer the installation itself. */
interface InstallOffer extends Event {
  prompt(): Promise<unknown>;
}
const offer: Ref<InstallOffer | null> = ref(null);
const standalone = typeof matchMedia === 'function' ? matchMedia('(display-mode: standalone)') : null;
const installed = ref(standalone?.matches ?? false);
/** Safari on iPhones and iPads has no offer: the person has to do it by the share menu. iPads call themselves Macs, with touch. */
const byShareMenu =
  typeof navigator !== 'undefined' &&
  (/iPhone|iPad|iPod/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1));

/** How the page can be put onto the home screen here; null: it is there already, or the browser has no way. */
export const installWay = computed(() => (installed.value ? null : offer.value ? 'offer' : byShareMenu ? 'shareMenu' : null));

/** Listens from the start of the page: the offer comes once, early. */
export function awaitInstallOffer(): void {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    offer.value = event as InstallOffer;
  });
  addEventListener('appinstalled', () => (installed.value = true));
}

export async function install(): Promise<void> {
  const now = offer.value;
  // An offer can be used once.
  offer.value = null;
  await now?.prompt();
}
