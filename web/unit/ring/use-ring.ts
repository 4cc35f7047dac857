/** Rings until somebody answers: keeps the queue and drives sound and vibration. */
import { type ComputedRef, type Ref, computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import { useNow } from '../../shared/server-time.ts';
import { RingPlayer } from './player.ts';
import { type Ring, type Rings, frontRing, isMuted, muted, reconciled, roundOf, untilNextRound, withRing, withoutRing } from './queue.ts';
import { soundsOn } from './sound.ts';

/** A touch wakes the sound when it begins; its press arrives up to this much later. */
const WAKING_TOUCH_MS = 1_000;

export interface Ringing {
  readonly rings: Ref<Rings>;
  readonly front: ComputedRef<Ring | null>;
  readonly silent: ComputedRef<boolean>;
  /** Sound will be heard: somebody touched the page since it was opened. */
  readonly soundReady: Ref<boolean>;
  readonly now: Ref<Date>;
  ring(ring: Omit<Ring, 'mutedRound'>): void;
  quiet(assignment: string): void;
  /** Told by the service: it does not ring here again before the service rings, whatever the list says. After a shift only the service knows that. */
  hush(assignment: string): void;
  /** Makes the queue agree with an incident as just read from the server. */
  reconcile(incident: string, assigned: Parameters<typeof reconciled>[2]): void;
  mute(): void;
  /** Switches the sound on where it is off, and off where it sounds: the one button of the ring for it. */
  toggleSound(): void;
  /** From a touch only: browsers forbid sound before one. */
  wake(): Promise<void>;
  /** One pair of tones, to hear that the device is loud enough. */
  rehearse(): Promise<boolean>;
  /** Signed out, shift over: everything stops at once. */
  stopAll(): void;
}

export function useRing(): Ringing {
  const player = new RingPlayer();
  const rings = shallowRef<Rings>([]);
  const now = useNow(1_000);
  const nowMs = computed(() => now.value.getTime());
  const soundReady = ref(false);
  const front = computed(() => frontRing(rings.value));
  const hushed = new Set<string>();
  const silent = computed(() => front.value !== null && isMuted(front.value, nowMs.value));

  // A round begins when the front changes, when R1's minute is over, when a silence ends, and when the sound wakes up while it rings.
  const round = computed(() => {
    const ring = front.value;
    if (!ring || silent.value) return null;
    const number = soundsOn(ring.level) ? roundOf(ring, nowMs.value) : 0;
    return `${ring.assignment} ${ring.level} ${ring.sinceMs} ${number} ${soundReady.value}`;
  });
  watch(round, (next) => {
    const ring = front.value;
    if (next === null || !ring) return player.stop();
    player.start(ring.level, untilNextRound(ring, nowMs.value));
  });

  let wokeAtMs = -Infinity;
  async function wake(): Promise<void> {
    const ready = await player.wake();
    if (ready && !soundReady.value) wokeAtMs = performance.now();
    soundReady.value = ready;
  }
  const mute = () => void (rings.value = muted(rings.value, nowMs.value));
  const onTouch = () => void (soundReady.value || wake());
  for (const event of ['pointerdown', 'keydown'] as const) window.addEventListener(event, onTouch);
  onScopeDispose(() => {
    for (const event of ['pointerdown', 'keydown'] as const) window.removeEventListener(event, onTouch);
    void player.close();
  });

  return {
    rings,
    front,
    silent,
    soundReady,
    now,
    ring(ring) {
      hushed.delete(ring.assignment);
      rings.value = withRing(rings.value, ring);
    },
    quiet: (assignment) => void (rings.value = withoutRing(rings.value, assignment)),
    hush(assignment) {
      hushed.add(assignment);
      rings.value = withoutRing(rings.value, assignment);
    },
    reconcile: (incident, assigned) => void (rings.value = reconciled(rings.value, incident, assigned, nowMs.value, hushed)),
    mute,
    toggleSound() {
      // The touch that wakes the sound ends as a press of this button: it must not silence what it has just switched on.
      if (!soundReady.value) void wake();
      else if (performance.now() - wokeAtMs > WAKING_TOUCH_MS) mute();
    },
    wake,
    async rehearse() {
      await wake();
      if (front.value === null) player.start('R2', 2_000);
      return soundReady.value;
    },
    stopAll() {
      rings.value = [];
      player.stop();
    },
  };
}
