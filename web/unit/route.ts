/** Where one is on this page, kept in the address so that the phone's own back button works. */
import { type Ref, onScopeDispose, ref } from 'vue';

export type Place = { readonly at: 'list' } | { readonly at: 'task'; readonly incident: string } | { readonly at: 'check' | 'roster' };

const TASK = /^#\/task\/([0-9a-f-]{36})$/;

export function placeOf(hash: string): Place {
  const task = TASK.exec(hash);
  if (task) return { at: 'task', incident: task[1]! };
  if (hash === '#/check' || hash === '#/roster') return { at: hash === '#/check' ? 'check' : 'roster' };
  return { at: 'list' };
}

export function hashOf(place: Place): string {
  if (place.at === 'task') return `#/task/${place.incident}`;
  return place.at === 'list' ? '#/' : `#/${place.at}`;
}

export function usePlace(): { readonly place: Ref<Place>; go(next: Place): void; back(): void } {
  const place = ref<Place>(placeOf(location.hash));
  let deep = 0;
  const follow = () => {
    place.value = placeOf(location.hash);
    window.scrollTo(0, 0);
  };
  window.addEventListener('hashchange', follow);
  onScopeDispose(() => window.removeEventListener('hashchange', follow));
  return {
    place,
    go(next) {
      deep++;
      location.hash = hashOf(next);
    },
    /** Back to where one came from; opened by a link, to the list. */
    back() {
      if (deep > 0) {
        deep--;
        history.back();
      } else location.replace(hashOf({ at: 'list' }));
    },
  };
}
