/** Light and dark. The boot script has set the attribute before the first paint; this keeps it true and tells maps and charts. */
import { nextTick, ref, type Ref } from 'vue';

export type Theme = 'light' | 'dark';
export type ThemeWish = Theme | 'auto';

const dark = typeof matchMedia === 'function' ? matchMedia('(prefers-color-scheme: dark)') : null;

function storedWish(): ThemeWish {
  try {
    const kept = localStorage.getItem('theme');
    return kept === 'light' || kept === 'dark' ? kept : 'auto';
  } catch {
    return 'auto';
  }
}

export const themeWish: Ref<ThemeWish> = ref(storedWish());
/** Paper is white. tokens.css says so to all that reads variables; what cannot, is drawn anew while the page is printed. */
let printing = false;
/** What is shown now; watch it to redraw what cannot read CSS variables. */
export const theme: Ref<Theme> = ref(shown());

function toPaper(now: boolean): void {
  printing = now;
  apply();
}

function shown(): Theme {
  if (printing) return 'light';
  return themeWish.value === 'auto' ? (dark?.matches ? 'dark' : 'light') : themeWish.value;
}

function apply(): void {
  const root = document.documentElement;
  const next = shown();
  root.dataset.theme = next;
  root.classList.toggle('dark', next === 'dark');
  root.classList.toggle('van-theme-dark', next === 'dark');
  theme.value = next;
}
dark?.addEventListener('change', apply);
apply();
if (typeof addEventListener === 'function') {
  addEventListener('beforeprint', () => toPaper(true));
  addEventListener('afterprint', () => toPaper(false));
}

/** Prints the page once its charts have been drawn for paper: `print()` itself stops the page where it stands. */
export async function printPage(): Promise<void> {
  toPaper(true);
  await nextTick();
  print();
}

export function setTheme(wish: ThemeWish): void {
  themeWish.value = wish;
  try {
    if (wish === 'auto') localStorage.removeItem('theme');
    else localStorage.setItem('theme', wish);
  } catch {
    // Not kept: it holds until the page is closed.
  }
  apply();
}
export function toggleTheme(): void {
  setTheme(theme.value === 'dark' ? 'light' : 'dark');
}

/** A token's value now, for maps and charts that cannot read CSS variables. */
export function token(name: `--${string}`): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
