/** How many shifts of the next day nobody has: the number at the menu, also while the page is not open. */
import { onScopeDispose, watch } from 'vue';
import { api } from '../../shared/api.ts';
import { useCentre } from '../centre.ts';

const LOOK_EVERY_MS = 60_000;
export const ROSTER_VIEW = 'roster';

export function useRosterWaiting(centre: ReturnType<typeof useCentre>): void {
  async function look(): Promise<void> {
    if (!centre.views.value.some((view) => view.name === ROSTER_VIEW)) return;
    try {
      const { items } = await api.get<{ items: readonly unknown[] }>('/rosters/holes', {}, { patient: false });
      centre.waiting[ROSTER_VIEW] = items.length;
    } catch {
      // The number stays as it was; the page itself says what is wrong.
    }
  }
  watch(centre.page, () => void look(), { immediate: true });
  const timer = setInterval(() => document.visibilityState === 'visible' && void look(), LOOK_EVERY_MS);
  onScopeDispose(() => clearInterval(timer));
}
