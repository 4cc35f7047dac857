/** The faces take turns, as long as nobody looks closer: a press, an opened sheet, keys in it or a wish for less motion stop it. */
import { onScopeDispose, ref, type Ref } from 'vue';

export const FACES = ['plan', 'today'] as const;
export type Face = (typeof FACES)[number];
/** Long enough to be read from five metres. Ours. */
const TURN_MS = 30_000;

export function useTurns(busy: () => boolean) {
  const face: Ref<Face> = ref(faceOf(location.search));
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const mayTurn = ref(!still.matches);
  const turning = ref(mayTurn.value);
  const changed = () => {
    mayTurn.value = !still.matches;
    if (still.matches) turning.value = false;
  };
  still.addEventListener('change', changed);
  const timer = setInterval(() => {
    if (turning.value && !busy() && document.visibilityState === 'visible') put(FACES[(FACES.indexOf(face.value) + 1) % FACES.length]!);
  }, TURN_MS);
  onScopeDispose(() => {
    clearInterval(timer);
    still.removeEventListener('change', changed);
  });

  function put(next: Face): void {
    face.value = next;
    const query = new URLSearchParams(location.search);
    if (next === 'plan') query.delete('face');
    else query.set('face', next);
    const text = query.toString();
    history.replaceState(null, '', location.pathname + (text ? `?${text}` : ''));
  }
  return {
    face,
    faces: FACES,
    mayTurn,
    turning,
    /** Whoever chooses a face wants to see it. */
    show(next: Face) {
      turning.value = false;
      put(next);
    },
    toggle: () => (turning.value = !turning.value),
  };
}

function faceOf(search: string): Face {
  return FACES.find((f) => f === new URLSearchParams(search).get('face')) ?? 'plan';
}
