/** Start of the wall: who is signed in, then the page. */
import '../shared/tokens.css';
import '../shared/base.css';
import './wall.css';
import './stage.css';
import '../shared/theme.ts';
import { createApp } from 'vue';
import { cannotOpen } from '../shared/cannot-open.ts';
import { addMessages, i18n } from '../shared/i18n.ts';
import { HOME, loadMe, seesWall, signInAgainWhenEnded } from '../shared/session.ts';
import { coverSignedOut } from '../shared/session-ended/cover.ts';
import WallPage from './WallPage.vue';
import { wallEn, wallZh } from './words.ts';

addMessages(wallZh, wallEn);
signInAgainWhenEnded(coverSignedOut);

try {
  const who = await loadMe();
  if (!seesWall(who.role)) location.replace(HOME[who.role]);
  else createApp(WallPage).use(i18n).mount('#app');
} catch (thrown) {
  // Not without knowing whose it is: a subdistrict's wall would show the whole district until somebody loads it anew.
  createApp(cannotOpen(thrown)).use(i18n).mount('#app');
}
