/** Listens to the keyboard of the whole page and calls what a key stands for. */
import { onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue';
import { keyAction, type KeyAction, type KeyPlace } from './keys.ts';

type Simple = Exclude<KeyAction['do'], 'tab' | 'verb' | 'subdistrict'>;
export type KeyHandlers = Readonly<Record<Simple, () => unknown>> & {
  readonly tab: (tab: 1 | 2 | 3 | 4 | 5) => unknown;
  readonly verb: (verb: string) => unknown;
  readonly subdistrict: (by: 1 | -1) => unknown;
};

const KEPT_AS = 'centre.singleKeys';
function kept(): boolean {
  try {
    return localStorage.getItem(KEPT_AS) !== 'off';
  } catch {
    return true;
  }
}

/** A menu of the page lies open: Esc is its. */
export const menuIsOpen = (): boolean => [...document.querySelectorAll<HTMLElement>('.el-popper')].some((p) => p.offsetHeight > 0);

/** @param playing  an hour of the past is played. @returns whether single letters are on; kept on the device. */
export function useKeys(handlers: KeyHandlers, playing: () => boolean): Ref<boolean> {
  const single = ref(kept());
  watch(single, (on) => {
    try {
      if (on) localStorage.removeItem(KEPT_AS);
      else localStorage.setItem(KEPT_AS, 'off');
    } catch {
      // Not kept: it holds until the page is closed.
    }
  });

  function pressed(event: KeyboardEvent): void {
    // An open dialog, menu or calendar has the keys for itself.
    if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
    // Esc closes the menu that is open, and nothing under it.
    if (event.key === 'Escape' && menuOpen) return;
    // Arrows choose within a group of radio buttons.
    if (event.key.startsWith('Arrow') && event.target instanceof HTMLInputElement && event.target.type === 'radio') return;
    const action = keyAction(event, placeOf(event.target instanceof Element ? event.target : null), single.value, playing());
    if (!action) return;
    event.preventDefault();
    switch (action.do) {
      case 'tab':
        return void handlers.tab(action.tab);
      case 'verb':
        return void handlers.verb(action.verb);
      case 'subdistrict':
        return void handlers.subdistrict(action.by);
      default:
        handlers[action.do]();
    }
  }
  // Noted before the menu itself hears of the key: by the time it comes here the menu has closed.
  let menuOpen = false;
  const before = () => (menuOpen = menuIsOpen());
  onMounted(() => {
    document.addEventListener('keydown', before, true);
    document.addEventListener('keydown', pressed);
  });
  onBeforeUnmount(() => {
    document.removeEventListener('keydown', before, true);
    document.removeEventListener('keydown', pressed);
  });
  return single;
}

/** @param target where the event happened; menus and listboxes keep their own arrows and letters. */
function placeOf(target: Element | null): KeyPlace {
  if (!target) return 'page';
  if (
    target.closest(
      'input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable=true], [role=menu], [role=listbox], [role=combobox]',
    )
  ) {
    return 'text';
  }
  if (target.closest('[role=application]') || target.matches('input[type=radio]') || isScrolled(target)) return 'own';
  return target.closest('button, a[href], summary, [role=tab], [role=button]') ? 'control' : 'page';
}

/** A part that can be reached by keys so that it can be scrolled by them. */
function isScrolled(target: Element): boolean {
  return target.matches('[tabindex="0"]:not(button)') && target.scrollHeight > target.clientHeight;
}
