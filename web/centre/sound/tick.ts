/** One low tick for a new R1, made by WebAudio; silent until the person has touched the page once, and whenever they switched it off. */
import { ref, watch } from 'vue';

const KEPT_AS = 'centre.sound';
const PITCH_HZ = 220;
const LENGTH_S = 0.16;
const VOLUME = 0.25;
/** Ticks that come together are one: a burst must not rattle. */
const APART_MS = 1_500;

function kept(): boolean {
  try {
    return localStorage.getItem(KEPT_AS) !== 'off';
  } catch {
    return true;
  }
}
export const soundOn = ref(kept());
watch(soundOn, (on) => {
  try {
    if (on) localStorage.removeItem(KEPT_AS);
    else localStorage.setItem(KEPT_AS, 'off');
  } catch {
    // Not kept: it holds until the page is closed.
  }
});

let context: AudioContext | undefined;
let tickedAt = 0;
/** Browsers let a page sound only after a touch; the first one opens the way. */
function open(): void {
  context ??= new AudioContext();
  void context.resume();
}
addEventListener('pointerdown', open, { once: true });
addEventListener('keydown', open, { once: true });

export function tick(): void {
  if (!soundOn.value || context?.state !== 'running' || Date.now() - tickedAt < APART_MS) return;
  tickedAt = Date.now();
  const start = context.currentTime;
  const tone = context.createOscillator();
  const loudness = context.createGain();
  tone.frequency.value = PITCH_HZ;
  loudness.gain.setValueAtTime(VOLUME, start);
  loudness.gain.exponentialRampToValueAtTime(0.001, start + LENGTH_S);
  tone.connect(loudness).connect(context.destination);
  tone.start(start);
  tone.stop(start + LENGTH_S);
}
