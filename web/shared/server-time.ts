/** The service's clock on a device whose own clock may be wrong. Countdowns use it: 还剩 must not depend on the phone's settings. */
import { onScopeDispose, ref, type Ref } from 'vue';

/** Service minus device, milliseconds. The Date header has whole seconds, so up to 1 s off. */
let offsetMs = 0;
let bestRoundTripMs = Number.POSITIVE_INFINITY;

/** Takes the Date header of an answer; only a quicker round trip than before, or a clear disagreement, replaces what is known. */
export function learnServerTime(header: string | null, sentAtMs: number, gotAtMs: number): void {
  const server = header === null ? Number.NaN : Date.parse(header);
  if (Number.isNaN(server)) return;
  const roundTripMs = gotAtMs - sentAtMs;
  const next = server + 500 - (sentAtMs + roundTripMs / 2);
  if (roundTripMs > bestRoundTripMs && Math.abs(next - offsetMs) < 5_000) return;
  bestRoundTripMs = roundTripMs;
  // Within a second of the device's clock the header cannot say better than the device does.
  offsetMs = Math.abs(next) < 1_500 ? 0 : next;
}

export function serverNow(): Date {
  return new Date(Date.now() + offsetMs);
}

/** The service's time as a ref that moves every `everyMs`; stops with the component. */
export function useNow(everyMs = 1_000): Ref<Date> {
  const now = ref(serverNow());
  const timer = setInterval(() => (now.value = serverNow()), everyMs);
  onScopeDispose(() => clearInterval(timer));
  return now;
}
