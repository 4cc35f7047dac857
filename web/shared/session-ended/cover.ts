/** 已退出 over a page whose session could not be ended for want of a network: nothing of the person is left on it. One for all pages. */
import { createApp } from 'vue';
import { i18n } from '../i18n.ts';
import SignedOut from './SignedOut.vue';

let covered = false;

export function coverSignedOut(): void {
  if (covered) return;
  covered = true;
  const host = document.createElement('div');
  // What a page has put beside itself goes too: dialogs, messages, the picture of a map.
  document.body.replaceChildren(host);
  createApp(SignedOut).use(i18n).mount(host);
}
