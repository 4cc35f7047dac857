/** The order that is shown: follows the true one at most once a second, and not at all while somebody points at it or walks it by keys. */
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue';
import { changesHeldBack, type Section } from './groups.ts';

/** Rows move at most this often. */
const MOVE_EVERY_MS = 1_000;
/** The order stays still for so long after the last key. */
const KEYS_HOLD_MS = 6_000;

export function useHeldOrder(fresh: Ref<readonly Section[]>) {
  const shown = shallowRef<readonly Section[]>(fresh.value);
  const pointed = ref(false);
  const walked = ref(false);
  const held = computed(() => pointed.value || walked.value);
  let movedAt = 0;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let walking: ReturnType<typeof setTimeout> | undefined;

  function release(): void {
    clearTimeout(waiting);
    waiting = undefined;
    movedAt = Date.now();
    shown.value = fresh.value;
  }
  function follow(): void {
    // Nothing stands under the pointer in an empty list.
    if (held.value && shown.value.length > 0) return;
    const wait = MOVE_EVERY_MS - (Date.now() - movedAt);
    if (wait <= 0) release();
    else waiting ??= setTimeout(() => ((waiting = undefined), follow()), wait);
  }
  watch([fresh, held], follow, { flush: 'sync' });
  onScopeDispose(() => (clearTimeout(waiting), clearTimeout(walking)));

  return {
    shown,
    /** What waits behind a held order; null when nothing does. */
    behind: computed(() => {
      if (!held.value) return null;
      const changes = changesHeldBack(shown.value, fresh.value);
      return changes.moved ? changes : null;
    }),
    pointer: (over: boolean) => (pointed.value = over),
    keyUsed: () => {
      walked.value = true;
      clearTimeout(walking);
      walking = setTimeout(() => (walked.value = false), KEYS_HOLD_MS);
    },
    release,
  };
}
