/**
 * What one person has typed in this tab and not sent: it survives a reload and a session that ended, and comes back to nobody else. Whoever signs in next in
 * the same tab finds empty forms.
 */
import { type Ref, ref, watch } from 'vue';
import { me } from './session.ts';

const keyOf = (name: string, account: string) => `${name} of ${account}`;

function read(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}
function write(key: string, text: string | null): void {
  try {
    if (text === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, text);
  } catch {
    // Storage full or off: what was typed lives as long as the page.
  }
}

/** One text, written down as it changes. The person is known by then. */
export function useTyped(name: string): { readonly text: Ref<string>; clear(): void } {
  const key = keyOf(`typed ${name}`, me.value?.account ?? '');
  const text = ref(read(key) ?? '');
  watch(text, (next) => write(key, next === '' ? null : next), { flush: 'sync' });
  return {
    text,
    clear() {
      text.value = '';
      // The form may have been closed before what it sent has arrived: then nobody watches any more.
      write(key, null);
    },
  };
}

/**
 * All that a page keeps under one name, written when the page goes away, whatever the reason. A module may call it before it is known whose page it is.
 *
 * @param fill  called once that is known, with what this person left here; null: nothing.
 * @param typed  what to keep; null: nothing.
 */
export function keepTyped<T>(name: string, fill: (kept: T | null) => void, typed: () => T | null): void {
  let account: string | null = null;
  watch(
    () => me.value?.account ?? null,
    (now) => {
      // Signed out: what is there still belongs to whoever typed it.
      if (now === null || now === account) return;
      account = now;
      fill(parsed<T>(read(keyOf(name, now))));
    },
    { immediate: true, flush: 'sync' },
  );
  if (typeof addEventListener !== 'function') return;
  addEventListener('pagehide', () => {
    if (account === null) return;
    const left = typed();
    write(keyOf(name, account), left === null ? null : JSON.stringify(left));
  });
}

function parsed<T>(text: string | null): T | null {
  try {
    return JSON.parse(text ?? 'null') as T | null;
  } catch {
    return null;
  }
}
