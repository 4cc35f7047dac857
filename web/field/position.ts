/** Where the phone is. A place is never invented silently: without a fix the middle of the own cell is taken, and the page says so. */
import { ref, type Ref } from 'vue';
import type { Position } from '../shared/types.ts';

export type Fix =
  | { readonly from: 'device'; readonly position: Position; readonly at: Date }
  | { readonly from: 'none'; readonly why: 'denied' | 'unavailable' };

export const fix: Ref<Fix | null> = ref(null);
let watching = false;

/** Starts watching; asks for permission the first time. Calling again after a refusal asks again. */
export function watchPosition(): void {
  if (watching) return;
  if (!('geolocation' in navigator)) {
    fix.value = { from: 'none', why: 'unavailable' };
    return;
  }
  watching = true;
  const id = navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => {
      const { longitude, latitude, accuracy } = coords;
      fix.value = {
        from: 'device',
        position: { lng: round(longitude), lat: round(latitude), accuracyM: Math.round(accuracy) },
        at: new Date(timestamp),
      };
    },
    (error) => {
      if (fix.value?.from !== 'device')
        fix.value = { from: 'none', why: error.code === error.PERMISSION_DENIED ? 'denied' : 'unavailable' };
      if (error.code === error.PERMISSION_DENIED) {
        navigator.geolocation.clearWatch(id);
        watching = false;
      }
    },
    { enableHighAccuracy: true, maximumAge: 10_000, timeout: 15_000 },
  );
}

/** 0.1 m: more digits would be noise. */
const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6;
