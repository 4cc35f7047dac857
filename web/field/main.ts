/** The grid worker's page: opens without a network, sends when there is one. */
import { createApp } from 'vue';
import { createRouter, createWebHashHistory } from 'vue-router';
import '../shared/tokens.css';
import '../shared/base.css';
import { cannotOpen } from '../shared/cannot-open.ts';
import { addMessages, i18n } from '../shared/i18n.ts';
import { pushEn, pushZh } from '../shared/push/words.ts';
import { en as repeatsEn, zh as repeatsZh } from '../shared/repeats-words.ts';
import { HOME, loadMe, signInAgainWhenEnded } from '../shared/session.ts';
import { askToSignInAgain } from '../shared/session-ended/ask.ts';
import { coverSignedOut } from '../shared/session-ended/cover.ts';
import { awaitInstallOffer } from '../shared/shell/install.ts';
import { followVersions } from '../shared/shell/update.ts';
import App from './App.vue';
import Home from './home/Home.vue';
import Incidents from './incidents/Incidents.vue';
import Incident from './incidents/Incident.vue';
import Tasks from './incidents/Tasks.vue';
import { followIncidents, put, reload } from './incidents/store.ts';
import Me from './Me.vue';
import { freshKey, openOutbox, writable } from './outbox/outbox.ts';
import { forgetRows } from './own-rows.ts';
import { PUSH, startPush } from './push.ts';
import Report from './report/Report.vue';
import { startWalk } from './walk/walk.ts';
import Walk from './walk/Walk.vue';
import { en } from './words/en.ts';
import { zh } from './words/zh.ts';

addMessages({ ...zh, ...repeatsZh }, { ...en, ...repeatsEn });
addMessages({ shared: { push: pushZh } }, { shared: { push: pushEn } });
signInAgainWhenEnded(coverSignedOut, askToSignInAgain);

const router = createRouter({
  // Addresses behind #: the shell is one file, so every page of it opens without a network and without the server's help.
  history: createWebHashHistory(),
  routes: [
    { path: '/', component: Home },
    { path: '/tasks', component: Tasks },
    { path: '/mine', component: Incidents },
    { path: '/me', component: Me },
    { path: '/walk', component: Walk, meta: { whole: true } },
    // Opened now and then, so not part of what a phone fetches before it can report; the worker of the shell keeps them all the same.
    { path: '/cobuild', component: () => import('./cobuild/Cobuild.vue') },
    { path: '/cobuild/need/:code', component: () => import('./cobuild/NeedPage.vue'), props: true },
    { path: '/report', redirect: () => `/report/${freshKey()}` },
    {
      path: '/report/:draftKey',
      component: Report,
      props: true,
      meta: { whole: true },
      // One that is on its way is not written any more, and a key that was used makes no second report.
      beforeEnter: ({ params }) => writable(String(params.draftKey)) || '/report',
    },
    { path: '/incident/:id', component: Incident, props: true, meta: { whole: true } },
    { path: '/:rest(.*)', redirect: '/' },
  ],
});

async function start(): Promise<void> {
  const who = await loadMe().catch((thrown) => void createApp(cannotOpen(thrown)).use(i18n).mount('#app'));
  if (!who) return;
  if (HOME[who.role] !== '/field/') {
    location.replace(HOME[who.role]);
    return;
  }
  void forgetRows((account) => account !== who.account).catch(() => undefined);
  await openOutbox(who.account, (incident) => put(incident)).catch(() => undefined);
  const push = startPush((incident) => void router.push(incident === null ? '/tasks' : `/incident/${incident}`));
  createApp(App).use(i18n).use(router).provide(PUSH, push).mount('#app');
  void reload();
  followIncidents();
  void startWalk();
}

void start();
awaitInstallOffer();
followVersions('/field/');
