/** Starts the unit's page: who is signed in, then everything that runs on duty. */
import '../shared/tokens.css';
import '../shared/base.css';
import { type VNode, createApp, effectScope, h } from 'vue';
import { cannotOpen } from '../shared/cannot-open.ts';
import { addMessages } from '../shared/i18n.ts';
import { HOME, loadMe, signInAgainWhenEnded } from '../shared/session.ts';
import { askToSignInAgain } from '../shared/session-ended/ask.ts';
import { coverSignedOut } from '../shared/session-ended/cover.ts';
import { awaitInstallOffer } from '../shared/shell/install.ts';
import { pushEn, pushZh } from '../shared/push/words.ts';
import { followVersions } from '../shared/shell/update.ts';
import type { Me } from '../shared/types.ts';
import App from './App.vue';
import { startDuty } from './duty.ts';
import { readKeptPresses } from './presses/store.ts';
import { rosterEn as sharedRosterEn, rosterZh as sharedRosterZh } from '../shared/roster-words.ts';
import { en } from './words/en.ts';
import { rosterEn, rosterZh } from './words/roster.ts';
import { zh } from './words/zh.ts';

addMessages(zh, en);
addMessages({ shared: { push: pushZh } }, { shared: { push: pushEn } });
addMessages({ roster: sharedRosterZh, unit: { roster: rosterZh } }, { roster: sharedRosterEn, unit: { roster: rosterEn } });
signInAgainWhenEnded(coverSignedOut, askToSignInAgain);
awaitInstallOffer();
followVersions('/unit/');

const isUnit = (me: Me): me is Me & { readonly unit: string } => me.role === 'unit' && me.unit !== undefined;

/** What to show: the page, or why it cannot be shown. Null: on the way to another page. */
async function begin(): Promise<(() => VNode) | null> {
  try {
    const [me, kept] = await Promise.all([loadMe(), readKeptPresses()]);
    if (!isUnit(me)) {
      location.replace(HOME[me.role]);
      return null;
    }
    // Outlives every component: a ring must not end because a part of the page was taken down.
    const duty = effectScope(true).run(() => startDuty(me, kept))!;
    return () => h(App, { duty });
  } catch (thrown) {
    return cannotOpen(thrown);
  }
}

const root = await begin();
if (root) createApp(root).mount('#app');
