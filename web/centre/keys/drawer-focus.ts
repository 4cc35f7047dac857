/** Where the focus goes when the drawer closes. */
import { nextTick, watch, type Ref } from 'vue';

/**
 * @param open  whether the drawer is.
 * @param rowId  the incident that was walked to last.
 * @returns gives the focus back once the drawer is gone: to the row, on another page to what opened the drawer there; where neither is seen,
 *   as on a phone that shows the map, to what is.
 */
export function useDrawerFocus(open: Ref<boolean>, rowId: Ref<string | null>): () => void {
  let before: Element | null = null;
  // At once: by the next drawing the drawer has it.
  watch(open, (now) => now && (before = document.activeElement), { flush: 'sync' });
  return () =>
    void nextTick(() => {
      const row = rowId.value === null ? null : document.getElementById(`row-${rowId.value}`);
      const parts = ['#queue', '.col-page', '.col-map [tabindex]'].map((part) => document.querySelector(part));
      const to = [row, before === document.body ? null : before, ...parts].find((part) => part?.isConnected && part.checkVisibility());
      (to as HTMLElement | undefined)?.focus({ preventScroll: true });
    });
}
