/** Start of the command centre: who is signed in, then the page. */
import 'element-plus/es/components/base/style/css';
import '../shared/tokens.css';
import '../shared/base.css';
import './centre.css';
import '../shared/theme.ts';
import { createApp } from 'vue';
import { addMessages, i18n } from '../shared/i18n.ts';
import { asProblem } from '../shared/problem.ts';
import { en as repeatsEn, zh as repeatsZh } from '../shared/repeats-words.ts';
import { rosterEn as sharedRosterEn, rosterZh as sharedRosterZh } from '../shared/roster-words.ts';
import { HOME, loadMe, signInAgainWhenEnded } from '../shared/session.ts';
import { askToSignInAgain } from '../shared/session-ended/ask.ts';
import { coverSignedOut } from '../shared/session-ended/cover.ts';
import CentrePage from './CentrePage.vue';
import { drawerEn, drawerZh } from './words/drawer.ts';
import { replayEn, replayZh } from './words/map.ts';
import { movesEn, movesZh } from './words/moves.ts';
import { pageEn, pageZh } from './words/page.ts';
import { repeatsEn as centreRepeatsEn, repeatsZh as centreRepeatsZh } from './words/repeats.ts';
import { rosterEn, rosterZh } from './words/roster.ts';
import { sendingEn, sendingZh } from './words/sending.ts';
import { workEn, workZh } from './words/work.ts';

addMessages(
  { centre: { ...pageZh, ...drawerZh, ...movesZh, ...sendingZh, ...workZh } },
  { centre: { ...pageEn, ...drawerEn, ...movesEn, ...sendingEn, ...workEn } },
);
addMessages({ roster: sharedRosterZh, centre: { roster: rosterZh } }, { roster: sharedRosterEn, centre: { roster: rosterEn } });
addMessages({ centre: { replay: replayZh } }, { centre: { replay: replayEn } });
addMessages({ ...repeatsZh, centre: centreRepeatsZh }, { ...repeatsEn, centre: centreRepeatsEn });
signInAgainWhenEnded(coverSignedOut, askToSignInAgain);

try {
  const who = await loadMe();
  // A member unit's work is the co-building half: what it may claim, lend and is called to. The queue is one step away.
  if (who.role === 'member' && location.search === '') history.replaceState(null, '', `${location.pathname}?view=cobuild`);
  if (HOME[who.role] !== '/centre/') location.replace(HOME[who.role]);
  else createApp(CentrePage).use(i18n).mount('#app');
} catch (thrown) {
  // 401: already on the way to the sign-in page. Anything else: the page opens and says what it cannot read.
  if (asProblem(thrown).status !== 401) createApp(CentrePage).use(i18n).mount('#app');
}
