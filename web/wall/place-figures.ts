/** Figures of the place that is looked at, and of no other. */
import { shallowRef, watch, type Ref, type ShallowRef } from 'vue';

export interface PlaceFigures<T> {
  /** null: none of this place were read yet. */
  readonly figures: ShallowRef<T | null>;
  /** @returns whether they were taken: answers about another place, or older than what is shown, are not. @throws what `ask` throws, as long as the place is the same. */
  read(): Promise<boolean>;
}

export function makePlaceFigures<T>(place: Ref<string>, ask: (place: string) => Promise<T>): PlaceFigures<T> {
  const figures = shallowRef<T | null>(null);
  let asked = 0;
  let taken = 0;
  // At once: between the two nobody may read one place's figures under another one's name.
  watch(place, () => (figures.value = null), { flush: 'sync' });
  return {
    figures,
    async read() {
      const mine = ++asked;
      const of = place.value;
      try {
        const answer = await ask(of);
        if (of !== place.value || mine < taken) return false;
        taken = mine;
        figures.value = answer;
        return true;
      } catch (thrown) {
        if (of !== place.value) return false;
        throw thrown;
      }
    },
  };
}
