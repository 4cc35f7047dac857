/** The day in China, `YYYY-MM-DD`, on a page that stays open past midnight. */
import { computed, type ComputedRef } from 'vue';
import { dateAt } from '../../../src/china-time.ts';
import { useCentre } from '../centre.ts';

export function useToday(): ComputedRef<string> {
  const { now } = useCentre();
  return computed(() => dateAt(now.value));
}
