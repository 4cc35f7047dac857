/** 演练 on this very page: what is reported from it is a drill. Lives in the tab, survives a reload, and is over when somebody else signs in. Why: docs/decisions/0007-drills.md. */
import { computed, ref } from 'vue';
import { me } from '../../shared/session.ts';

const KEPT_AS = 'centre.drill';
function kept(): string | null {
  try {
    return sessionStorage.getItem(KEPT_AS);
  } catch {
    return null;
  }
}

/** Account that is in a drill here. */
const account = ref(kept());

function keep(next: string | null): void {
  account.value = next;
  try {
    if (next === null) sessionStorage.removeItem(KEPT_AS);
    else sessionStorage.setItem(KEPT_AS, next);
  } catch {
    // Not kept: it holds until the page is closed.
  }
}

export const drilling = computed(() => account.value !== null && account.value === me.value?.account);
/** Those who may report drills at all; a subdistrict in its own place, which is all that it sees. */
export const mayDrill = computed(() => me.value?.role === 'district' || me.value?.role === 'subdistrict');
export const beginDrill = () => keep(me.value?.account ?? null);
export const leaveDrill = () => keep(null);
