/** 验证聘书: the page behind the QR code of a certificate. Nobody signs in here. */
import { createApp } from 'vue';
import '../shared/tokens.css';
import '../shared/base.css';
import '../shared/theme.ts';
import { addMessages, i18n } from '../shared/i18n.ts';
import CertificatePage from './CertificatePage.vue';
import { en, zh } from './messages.ts';

addMessages(zh, en);
createApp(CertificatePage).use(i18n).mount('#app');
