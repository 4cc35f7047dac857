/** Password, tries left and the wait after too many: what the sign-in page and the question in place share. */
import { computed, ref, shallowRef } from 'vue';
import { locale, t } from '../i18n.ts';
import { ApiProblem, asProblem } from '../problem.ts';
import { useNow } from '../server-time.ts';
import { signIn } from '../session.ts';
import { countdown } from '../time.ts';
import type { Me } from '../types.ts';

/** Where the service does not say how long. */
const USUAL_WAIT_S = 60;

export function useSignIn(account: () => string) {
  const password = ref('');
  const busy = ref(false);
  const problem = shallowRef<ApiProblem | null>(null);
  /** Until when the service takes no further try. */
  const lockedUntil = shallowRef<Date | null>(null);
  const now = useNow();
  const lockedForMs = computed(() => (lockedUntil.value ? lockedUntil.value.getTime() - now.value.getTime() : 0));
  const locked = computed(() => lockedForMs.value > 0);
  /** What to show under the fields. */
  const wrong = computed(() => {
    if (locked.value) return t('shared.signIn.locked', { time: countdown(lockedForMs.value + 999) });
    const p = problem.value;
    if (!p || p.code === 'too-many-attempts') return null;
    if (p.code !== 'wrong-credentials') return p.whatToDo[locale.value];
    const left = p.body['attemptsLeft'];
    return typeof left === 'number' ? t('shared.signIn.wrongLeft', { n: left }) : t('shared.signIn.wrong');
  });

  /** @returns who is signed in now; null where it was refused, and `wrong` says why. Stays busy once it worked: the page goes on. */
  async function enter(): Promise<Me | null> {
    busy.value = true;
    problem.value = null;
    try {
      return await signIn(account(), password.value);
    } catch (thrown) {
      const refused = asProblem(thrown);
      problem.value = refused;
      // The last wrong try says at once how long it takes, and is still a wrong password.
      const waitS = refused.retryAfterS ?? (refused.code === 'too-many-attempts' ? USUAL_WAIT_S : null);
      if (waitS !== null && refused.status !== 503) lockedUntil.value = new Date(now.value.getTime() + waitS * 1_000);
      busy.value = false;
      return null;
    }
  }

  return { password, busy, problem, locked, wrong, enter };
}
