/**
 * What has the focus may vanish, or be drawn elsewhere, with the state that it belonged to. Then the same thing gets the focus back where it
 * is drawn anew, else the nearest part around it that can have it, so that keys and readers go on from where one was.
 */
import { onBeforeUnmount, onMounted, type Ref } from 'vue';

/** @param root  within it; what stands outside (menus, dialogs) gives the focus back by itself. */
export function useKeptFocus(root: Ref<HTMLElement | undefined>): void {
  let last: HTMLElement | null = null;
  let around: readonly HTMLElement[] = [];

  function came({ target }: FocusEvent): void {
    last = target as HTMLElement;
    const parts: HTMLElement[] = [];
    for (let at = last.parentElement; at !== null && at !== root.value; at = at.parentElement)
      if (at.hasAttribute('tabindex')) parts.push(at);
    around = parts;
  }
  /** Left by a person, with a press beside it for example: a change comes before this, and has dealt with it by then. */
  const left = () => setTimeout(() => document.activeElement === document.body && (last = null));

  function changed(records: readonly MutationRecord[]): void {
    const had = last;
    if (had === null || document.activeElement !== document.body) return;
    if (!records.some(({ removedNodes }) => [...removedNodes].some((node) => node.contains(had)))) return;
    const again = had.isConnected ? had : had.id ? document.getElementById(had.id) : null;
    [again, ...around].find((part) => part?.isConnected && part.checkVisibility())?.focus({ preventScroll: true });
  }

  const changes = new MutationObserver(changed);
  onMounted(() => {
    root.value?.addEventListener('focusin', came);
    root.value?.addEventListener('focusout', left);
    if (root.value) changes.observe(root.value, { childList: true, subtree: true });
  });
  onBeforeUnmount(() => {
    changes.disconnect();
    root.value?.removeEventListener('focusin', came);
    root.value?.removeEventListener('focusout', left);
  });
}
