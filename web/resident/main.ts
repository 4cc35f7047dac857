/** The page of residents: how far it is by number, a rating, a report without an account. No sign-in, and as little to load as can be. */
import { createApp } from 'vue';
import '../shared/tokens.css';
import '../shared/base.css';
import { addMessages, i18n } from '../shared/i18n.ts';
import { activityEn, activityZh } from './activity-words.ts';
import App from './App.vue';
import { en, zh } from './messages.ts';

addMessages(zh, en);
addMessages(activityZh, activityEn);
createApp(App).use(i18n).mount('#app');
