/** What a ring sounds like and how it shakes the phone, per level. Pure: the player in `player.ts` turns it into WebAudio. */
import type { Level } from '../../../src/dispatch/chain/incident.ts';

/** The sign of a ring: two rising tones, so that it is not taken for an alarm clock or a message. */
const LOW_HZ = 660;
const HIGH_HZ = 880;
const TONE_MS = 180;
const GAP_MS = 140;
const PAIR_MS = TONE_MS + GAP_MS + TONE_MS;

/** After this long a ring of R1 starts anew: full rise, and a silenced one sounds again. Rule of the chain: dispatched → acknowledged. */
export const REPEAT_MS = 60_000;

export interface Tone {
  /** From the start of the round. */
  readonly atMs: number;
  readonly hz: number;
  readonly forMs: number;
  /** 0 to 1. */
  readonly gain: number;
}

interface RingSound {
  /** From the start of one pair to the start of the next; null: one pair and no more. */
  readonly everyMs: number | null;
  readonly gain: number;
  /** Milliseconds in which the gain rises from a quarter to full, so that a ring beside the ear does not hurt. */
  readonly riseMs: number;
}

/** R4 is silent: it waits in the list and rings on the screen only. */
const SOUNDS: Readonly<Record<Level, RingSound | null>> = {
  R1: { everyMs: PAIR_MS + 1_600, gain: 1, riseMs: 3_000 },
  R2: { everyMs: 8_000, gain: 0.7, riseMs: 0 },
  R3: { everyMs: null, gain: 0.25, riseMs: 0 },
  R4: null,
};

/**
 * All tones of one round.
 *
 * @param forMs length of the round; a pair that would end after it is left out.
 */
export function tonesOf(level: Level, forMs: number): readonly Tone[] {
  const sound = SOUNDS[level];
  if (!sound) return [];
  const tones: Tone[] = [];
  for (let atMs = 0; atMs + PAIR_MS <= forMs; atMs += sound.everyMs ?? Infinity) {
    const gain = sound.riseMs > 0 ? sound.gain * Math.min(1, 0.25 + (0.75 * atMs) / sound.riseMs) : sound.gain;
    tones.push({ atMs, hz: LOW_HZ, forMs: TONE_MS, gain }, { atMs: atMs + TONE_MS + GAP_MS, hz: HIGH_HZ, forMs: TONE_MS, gain });
  }
  return tones;
}

/** Does a round of this level go on until somebody answers? */
export function soundsOn(level: Level): boolean {
  return SOUNDS[level]?.everyMs != null;
}

const STRONG = [400, 150, 400, 800] as const;
/** Browsers cut a longer pattern: Chromium keeps 99 entries. */
const MAX_PATTERN = 96;

/** Vibration for one round, milliseconds on and off in turn. */
export function vibrationOf(level: Level): number[] {
  if (level !== 'R1') return [200];
  return Array.from({ length: MAX_PATTERN }, (_, i) => STRONG[i % STRONG.length]!);
}

/** How long the pattern of `vibrationOf('R1')` lasts, so that the player knows when to start it again. */
export const STRONG_VIBRATION_MS = (MAX_PATTERN / STRONG.length) * STRONG.reduce((sum, ms) => sum + ms, 0);
