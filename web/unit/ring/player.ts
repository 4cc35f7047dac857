/** Plays a ring: WebAudio tones, vibration. The thin edge of `sound.ts`; it decides nothing. */
import type { Level } from '../../../src/dispatch/chain/incident.ts';
import { REPEAT_MS, STRONG_VIBRATION_MS, soundsOn, tonesOf, vibrationOf } from './sound.ts';

/** Milliseconds in which a tone swells and fades, so that it does not click. */
const EDGE_MS = 12;

/** Vibrates if the device can; asking without a touch before is refused silently by the browser. */
function vibrate(pattern: number | number[]): void {
  if (!('vibrate' in navigator)) return;
  if (navigator.userActivation && !navigator.userActivation.hasBeenActive) return;
  navigator.vibrate(pattern);
}

export class RingPlayer {
  #context: AudioContext | null = null;
  #output: GainNode | null = null;
  #vibration: ReturnType<typeof setInterval> | null = null;

  /** `running` only after a person touched the page: browsers forbid sound before. */
  get ready(): boolean {
    return this.#context?.state === 'running';
  }

  /**
   * Wakes the sound. Call it from a touch; without one it stays asleep.
   *
   * @returns whether sound will be heard (the volume of the device is not known to a page).
   */
  async wake(): Promise<boolean> {
    if (!('AudioContext' in globalThis)) return false;
    this.#context ??= new AudioContext();
    if (this.#context.state !== 'running') {
      // resume() waits for a touch for ever in some browsers: do not wait with it.
      await Promise.race([this.#context.resume().catch(() => undefined), new Promise((done) => setTimeout(done, 300))]);
    }
    return this.ready;
  }

  /**
   * One round from its start: at most 60 s of tones, all handed over at once, because a hidden page's timers run once a minute and
   * a ring must not stutter there.
   */
  start(level: Level, forMs: number = REPEAT_MS): void {
    this.stop();
    this.#sound(level, forMs);
    vibrate(vibrationOf(level));
    if (level === 'R1' && forMs > STRONG_VIBRATION_MS) this.#vibration = setInterval(() => vibrate(vibrationOf('R1')), STRONG_VIBRATION_MS);
  }

  /** Silence at once, also of what was handed over for later. */
  stop(): void {
    this.#output?.disconnect();
    this.#output = null;
    if (this.#vibration !== null) clearInterval(this.#vibration);
    this.#vibration = null;
    vibrate(0);
  }

  async close(): Promise<void> {
    this.stop();
    const context = this.#context;
    this.#context = null;
    await context?.close();
  }

  #sound(level: Level, forMs: number): void {
    const context = this.#context;
    if (!context || context.state !== 'running') return;
    const output = context.createGain();
    output.connect(context.destination);
    this.#output = output;
    const start = context.currentTime + 0.05;
    for (const tone of tonesOf(level, soundsOn(level) ? forMs : Math.min(forMs, 2_000))) {
      const from = start + tone.atMs / 1_000;
      const to = from + tone.forMs / 1_000;
      const oscillator = context.createOscillator();
      const shape = context.createGain();
      oscillator.frequency.value = tone.hz;
      shape.gain.setValueAtTime(0, from);
      shape.gain.linearRampToValueAtTime(tone.gain, from + EDGE_MS / 1_000);
      shape.gain.setValueAtTime(tone.gain, to - EDGE_MS / 1_000);
      shape.gain.linearRampToValueAtTime(0, to);
      oscillator.connect(shape).connect(output);
      oscillator.start(from);
      oscillator.stop(to);
    }
  }
}
