/** Start of the wall: who is signed in, then the page. */
import '../shared/tokens.css';
import '../shared/base.css';
import './wall.css';
import '../shared/theme.ts';
import { createApp } from 'vue';
import { addMessages, i18n } from '../shared/i18n.ts';
import { asProblem } from '../shared/problem.ts';
import { HOME, loadMe, seesWall, signInAgainWhenEnded } from '../shared/session.ts';
import WallPage from './WallPage.vue';
import { wallEn, wallZh } from './words.ts';

addMessages(wallZh, wallEn);
signInAgainWhenEnded();

try {
  const who = await loadMe();
  if (!seesWall(who.role)) location.replace(HOME[who.role]);
  else createApp(WallPage).use(i18n).mount('#app');
} catch (thrown) {
  // 401: already on the way to the sign-in page. Anything else: the page opens and says what it cannot read.
  if (asProblem(thrown).status !== 401) createApp(WallPage).use(i18n).mount('#app');
}
