/** When the page must not be loaded anew: somebody types, speaks or photographs. Says so, and keeps what is there before it is. */
import { computed, onScopeDispose, reactive, ref } from 'vue';

interface Hold {
  readonly when: () => boolean;
  /** null: what is there cannot be written down. */
  readonly keep: (() => Promise<unknown>) | null;
}
const holds = reactive(new Set<Hold>());

/** Somebody is in a field, whichever it is. */
const typing = ref(false);
if (typeof document !== 'undefined') {
  const look = () => (typing.value = document.activeElement?.matches('input, textarea, select') ?? false);
  document.addEventListener('focusin', look);
  // The next one has the focus only after this one has lost it.
  document.addEventListener('focusout', () => setTimeout(look));
}

/** Whether something would be disturbed by a reload now. */
export const held = computed(() => typing.value || [...holds].some((hold) => hold.when()));

/** Something is there that a reload would lose, whoever asks for it. */
export const unkeepable = computed(() => [...holds].some((hold) => hold.keep === null && hold.when()));

/**
 * Holds the page while the component lives and `when` says so.
 *
 * @param keep  writes down what is there; waited for before a reload that the person asked for. null: it cannot be, so none may be asked for.
 */
export function holdPage(when: () => boolean, keep: Hold['keep'] = async () => undefined): void {
  const hold = { when, keep };
  holds.add(hold);
  onScopeDispose(() => holds.delete(hold));
}

/** Writes everything down. What could not be kept keeps the page where it is. @throws what a keeper throws. */
export async function keepAll(): Promise<void> {
  await Promise.all([...holds].map((hold) => hold.keep?.()));
}
