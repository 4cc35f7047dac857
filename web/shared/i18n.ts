/** Two languages: 简体中文 first, English complete. Each page adds its own messages under its own name. */
import { computed, type ComputedRef } from 'vue';
import { createI18n } from 'vue-i18n';
import { en, zh } from './messages.ts';
import type { Locale } from './types.ts';

type Messages = { readonly [key: string]: string | Messages };

export const i18n = createI18n({
  legacy: false,
  locale: document.documentElement.lang === 'en' ? 'en' : 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zh, en } as Record<Locale, Messages>,
});

export const locale: ComputedRef<Locale> = computed(() => i18n.global.locale.value as Locale);

export function setLocale(next: Locale): void {
  i18n.global.locale.value = next;
  document.documentElement.lang = next;
  try {
    localStorage.setItem('locale', next);
  } catch {
    // Not kept: it holds until the page is closed.
  }
}
export function toggleLocale(): void {
  setLocale(locale.value === 'en' ? 'zh-CN' : 'en');
}

/** Adds a page's messages; both languages at once, so that none can be forgotten. */
export function addMessages<M extends Messages>(zh: M, en: { readonly [K in keyof M]: unknown } & Messages): void {
  i18n.global.mergeLocaleMessage('zh-CN', zh);
  i18n.global.mergeLocaleMessage('en', en);
}

export const t = i18n.global.t;

/** Communities and cells have no official English names: the kind is translated and the number kept, the name itself stays. */
function readable(zh: string): string {
  return zh
    .replace(/^(.+?)第(\d+)网格$/, '$1, cell $2')
    .replace(/(社区)?居委会$/, ' community')
    .replace(/村委会$/, ' village');
}

/** The name in the language shown, of anything that has both. */
export function nameOf(thing: { readonly nameZh?: string; readonly nameEn?: string | null } | null | undefined): string {
  if (!thing) return '';
  const zh = thing.nameZh ?? '';
  if (locale.value !== 'en') return zh;
  return thing.nameEn ?? readable(zh);
}
