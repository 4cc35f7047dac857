/** Where this unit is: told to the centre every 10 s while it has work, shown to nobody else than who may see the unit's incidents. */
import { type Ref, onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { Position } from '../../shared/types.ts';

/** `asked`: the browser's own question is open. `none`: the device or the connection (not https) cannot. */
export type PositionState = 'off' | 'asked' | 'on' | 'denied' | 'none';

export interface OwnPosition {
  readonly state: Ref<PositionState>;
  readonly wanted: Ref<boolean>;
  readonly last: Ref<{ readonly position: Position; readonly atMs: number } | null>;
  /** When it was last sent, epoch milliseconds of the device. */
  readonly sentMs: Ref<number | null>;
  setWanted(wanted: boolean): void;
}

const SEND_EVERY_MS = 10_000;
/** An older fix is not sent: better no position than a wrong one. */
const FRESH_MS = 60_000;
const KEPT = 'unit.position';

function keptWish(): boolean {
  try {
    return localStorage.getItem(KEPT) === 'on';
  } catch {
    return false;
  }
}

/**
 * @param busy the unit has open work; without it nothing is measured and nothing sent.
 * @param send returns false when there is no connection.
 */
export function useOwnPosition(busy: Ref<boolean>, send: (position: Position) => boolean): OwnPosition {
  const possible = 'geolocation' in navigator && window.isSecureContext;
  const wanted = ref(keptWish());
  const state = ref<PositionState>(possible ? 'off' : 'none');
  const last = shallowRef<{ position: Position; atMs: number } | null>(null);
  const sentMs = ref<number | null>(null);
  let watching: number | null = null;
  let sending: ReturnType<typeof setInterval> | null = null;

  function tell(): void {
    const known = last.value;
    if (!known || Date.now() - known.atMs > FRESH_MS || !send(known.position)) return;
    sentMs.value = Date.now();
  }

  function begin(): void {
    if (watching !== null) return;
    state.value = 'asked';
    watching = navigator.geolocation.watchPosition(
      ({ coords, timestamp }) => {
        const firstFix = last.value === null;
        last.value = { position: { lng: coords.longitude, lat: coords.latitude, accuracyM: Math.round(coords.accuracy) }, atMs: timestamp };
        state.value = 'on';
        if (firstFix) tell();
      },
      (error) => {
        if (error.code === error.PERMISSION_DENIED) {
          state.value = 'denied';
          end();
        }
      },
      { enableHighAccuracy: true, maximumAge: 5_000, timeout: 30_000 },
    );
    sending = setInterval(tell, SEND_EVERY_MS);
  }

  function end(): void {
    if (watching !== null) navigator.geolocation.clearWatch(watching);
    if (sending !== null) clearInterval(sending);
    watching = sending = null;
    sentMs.value = null;
    if (state.value === 'on' || state.value === 'asked') state.value = 'off';
  }

  watch(
    () => possible && wanted.value && busy.value,
    (go) => (go ? begin() : end()),
    { immediate: true },
  );
  onScopeDispose(end);

  return {
    state,
    wanted,
    last,
    sentMs,
    setWanted(next) {
      wanted.value = next;
      // A refusal of the past is asked again: the person may have changed the site's settings since.
      if (next && state.value === 'denied') state.value = 'off';
      try {
        localStorage.setItem(KEPT, next ? 'on' : 'off');
      } catch {
        // Holds until the page is closed.
      }
    },
  };
}
