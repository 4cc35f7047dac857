/** What was typed survives a lost session and a reload: kept in this tab until it is sent. */
import { type Ref, ref, watch } from 'vue';

export function useDraft(key: string): { readonly text: Ref<string>; clear(): void } {
  const name = `unit.draft.${key}`;
  const text = ref(read(name));
  watch(text, (next) => write(name, next));
  return { text, clear: () => (text.value = '') };
}

function read(name: string): string {
  try {
    return sessionStorage.getItem(name) ?? '';
  } catch {
    return '';
  }
}
function write(name: string, text: string): void {
  try {
    if (text === '') sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, text);
  } catch {
    // Lives as long as the sheet.
  }
}
