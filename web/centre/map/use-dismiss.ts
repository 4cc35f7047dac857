/** A panel that is open over the map: Esc closes it and nothing under it; so does a press beside it, where that is wanted. */
import { onBeforeUnmount, onMounted } from 'vue';
import { menuIsOpen } from '../keys/use-keys.ts';

export interface Dismissed {
  readonly isOpen: () => boolean;
  /** What belongs to the panel; absent: it stays open while work goes on beside it. */
  readonly inside?: () => readonly (Element | null | undefined)[];
  readonly close: (by: 'key' | 'press') => void;
}

/** Somebody who types there means the field. */
const TYPED = 'input:not([type=checkbox]):not([type=radio]), textarea, select';

/** Heard before anything under the panel hears of it. */
export function useDismiss({ isOpen, inside, close }: Dismissed): void {
  const isInside = (target: Element) => inside?.().some((part) => part?.contains(target)) ?? false;
  function key(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !isOpen() || menuIsOpen() || document.querySelector('dialog[open]')) return;
    const target = event.target as Element;
    if (target.closest(TYPED) && !isInside(target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    close('key');
  }
  function press(event: PointerEvent): void {
    if (inside && isOpen() && !isInside(event.target as Element)) close('press');
  }
  onMounted(() => {
    document.addEventListener('keydown', key, true);
    document.addEventListener('pointerdown', press, true);
  });
  onBeforeUnmount(() => {
    document.removeEventListener('keydown', key, true);
    document.removeEventListener('pointerdown', press, true);
  });
}
