/** A desk or a phone: list and job side by side from 900 px on. The body's class brings the phone's sizes. */
import { type Ref, onScopeDispose, ref, watchEffect } from 'vue';

const DESK = '(min-width: 900px)';

export function useWide(): Ref<boolean> {
  const query = matchMedia(DESK);
  const wide = ref(query.matches);
  const follow = () => (wide.value = query.matches);
  query.addEventListener('change', follow);
  onScopeDispose(() => query.removeEventListener('change', follow));
  watchEffect(() => document.body.classList.toggle('phone', !wide.value));
  return wide;
}
