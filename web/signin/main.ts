import { createApp } from 'vue';
import '../shared/tokens.css';
import '../shared/base.css';
import { addMessages, i18n } from '../shared/i18n.ts';
import { en, zh } from './messages.ts';
import SignIn from './SignIn.vue';

addMessages(zh, en);
createApp(SignIn).use(i18n).mount('#app');
