/** Which rows of the list are selected: one by one, or from the last one to this one. */
import { computed, shallowRef, type Ref } from 'vue';

/** @param ids  the rows as they are shown, in their order. */
export function makeSelection(ids: Ref<readonly string[]>) {
  const picked = shallowRef<ReadonlySet<string>>(new Set());
  /** Where a range starts. */
  let anchor: string | null = null;

  function put(change: (next: Set<string>) => void): void {
    const next = new Set(picked.value);
    change(next);
    picked.value = next;
  }
  function toggle(id: string): void {
    anchor = id;
    put((next) => (next.has(id) ? next.delete(id) : next.add(id)));
  }
  /** Adds all rows from the anchor to this one; without an anchor that is still shown, this one. */
  function extendTo(id: string): void {
    const to = ids.value.indexOf(id);
    const from = anchor === null ? -1 : ids.value.indexOf(anchor);
    if (to < 0) return;
    if (from < 0) {
      anchor = id;
      return put((next) => next.add(id));
    }
    put((next) => {
      for (const each of ids.value.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(each);
    });
  }
  return {
    picked,
    count: computed(() => picked.value.size),
    toggle,
    extendTo,
    drop: (ids: readonly string[]) => put((next) => ids.forEach((id) => next.delete(id))),
    clear() {
      anchor = null;
      picked.value = new Set();
    },
  };
}
export type Selection = ReturnType<typeof makeSelection>;
