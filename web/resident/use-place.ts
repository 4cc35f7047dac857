/** Where a resident's report lies: by the phone when it is asked to, else by the community that is chosen. */
import { computed, ref, type ComputedRef, type Ref } from 'vue';
import type { WirePublicPlace } from '../../src/residents/schemas.ts';
import { api } from '../shared/api.ts';
import { asProblem } from '../shared/problem.ts';
import type { Position } from '../shared/types.ts';

export type PlaceState = 'none' | 'finding' | 'found' | 'denied' | 'outside' | 'byHand';

/** Longer nobody stands still for it, milliseconds. */
const FIND_WITHIN_MS = 15_000;
/** A tenth of a metre: more digits would be noise. */
const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6;

export function useResidentPlace(): {
  state: Ref<PlaceState>;
  position: Ref<Position | null>;
  /** By name, once the service has said so; null without a network too: then the position alone goes. */
  place: Ref<WirePublicPlace | null>;
  community: Ref<string>;
  known: ComputedRef<boolean>;
  find(): void;
  byHand(): void;
} {
  const state = ref<PlaceState>('none');
  const position = ref<Position | null>(null);
  const place = ref<WirePublicPlace | null>(null);
  const community = ref('');

  async function name(at: Position): Promise<void> {
    try {
      place.value = await api.get<WirePublicPlace>('/public/place', { lng: at.lng, lat: at.lat });
    } catch (thrown) {
      place.value = null;
      if (asProblem(thrown).code !== 'outside-district') return;
      state.value = 'outside';
      position.value = null;
    }
  }
  function find(): void {
    if (!('geolocation' in navigator)) {
      state.value = 'denied';
      return;
    }
    state.value = 'finding';
    navigator.geolocation.getCurrentPosition(
      ({ coords: { longitude, latitude, accuracy } }) => {
        if (state.value !== 'finding') return;
        position.value = { lng: round(longitude), lat: round(latitude), accuracyM: Math.round(accuracy) };
        state.value = 'found';
        void name(position.value);
      },
      () => {
        if (state.value === 'finding') state.value = 'denied';
      },
      { enableHighAccuracy: true, maximumAge: 30_000, timeout: FIND_WITHIN_MS },
    );
  }
  function byHand(): void {
    state.value = 'byHand';
    position.value = null;
    place.value = null;
  }
  const known = computed(() => position.value !== null || community.value !== '');
  return { state, position, place, community, known, find, byHand };
}
