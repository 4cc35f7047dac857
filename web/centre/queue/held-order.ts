/** The order that is shown: follows the true one at most once a second, and not at all while somebody points at it or walks it by keys. */
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue';
import { changesHeldBack, type Section } from './groups.ts';

/** Rows move at most this often. */
const MOVE_EVERY_MS = 1_000;
/** The order stays still for so long after the last key. */
const KEYS_HOLD_MS = 6_000;
/** A pointer that has not moved for so long points at nothing: it was left lying there, and must not hold a new R1 back. */
const POINTER_HOLD_MS = 10_000;

export function useHeldOrder(fresh: Ref<readonly Section[]>) {
  const shown = shallowRef<readonly Section[]>(fresh.value);
  const pointed = ref(false);
  const walked = ref(false);
  const held = computed(() => pointed.value || walked.value);
  let movedAt = 0;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let walking: ReturnType<typeof setTimeout> | undefined;
  let pointing: ReturnType<typeof setTimeout> | undefined;

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
  onScopeDispose(() => [waiting, walking, pointing].forEach((timer) => clearTimeout(timer)));

  return {
    shown,
    /** What waits behind a held order; null when nothing does. */
    behind: computed(() => {
      if (!held.value) return null;
      const changes = changesHeldBack(shown.value, fresh.value);
      return changes.moved ? changes : null;
    }),
    /** Called for every movement over the list, and with false when the pointer leaves it. */
    pointer: (over: boolean) => {
      pointed.value = over;
      clearTimeout(pointing);
      if (over) pointing = setTimeout(() => (pointed.value = false), POINTER_HOLD_MS);
    },
    keyUsed: () => {
      walked.value = true;
      clearTimeout(walking);
      walking = setTimeout(() => (walked.value = false), KEYS_HOLD_MS);
    },
    release,
  };
}
