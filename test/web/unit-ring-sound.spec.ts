import { describe, expect, it } from 'vitest';
import { REPEAT_MS, STRONG_VIBRATION_MS, soundsOn, tonesOf, vibrationOf } from '../../web/unit/ring/sound.ts';

const LEVELS = ['R1', 'R2', 'R3', 'R4'] as const;

describe('铃声 (sound of a ring)', () => {
  it('is two rising tones, 180 ms each and 140 ms apart', () => {
    expect(tonesOf('R3', REPEAT_MS).map(({ atMs, hz, forMs }) => [atMs, hz, forMs])).toEqual([
      [0, 660, 180],
      [320, 880, 180],
    ]);
  });
  it('pauses 1.6 s after each pair of R1 and fills the minute', () => {
    const tones = tonesOf('R1', REPEAT_MS);
    expect(tones[2]!.atMs - (tones[1]!.atMs + tones[1]!.forMs)).toBe(1_600);
    expect(tones).toHaveLength(2 * 29);
    expect(tones.at(-1)!.atMs + tones.at(-1)!.forMs).toBeLessThanOrEqual(REPEAT_MS);
  });
  it('rises to full volume over 3 s for R1 and stays there', () => {
    const gains = tonesOf('R1', REPEAT_MS).filter((t) => t.hz === 660);
    expect(gains[0]!.gain).toBe(0.25);
    expect(gains.find((t) => t.atMs >= 3_000)!.gain).toBe(1);
    expect(gains.every((t, i) => i === 0 || t.gain >= gains[i - 1]!.gain)).toBe(true);
  });
  it('sounds one pair each 8 s for R2', () => {
    const starts = tonesOf('R2', REPEAT_MS).filter((t) => t.hz === 660);
    expect(starts.map((t) => t.atMs).slice(0, 3)).toEqual([0, 8_000, 16_000]);
  });
  it('never grows louder with a lower level, and R4 is silent', () => {
    const loudest = LEVELS.map((level) => Math.max(0, ...tonesOf(level, REPEAT_MS).map((t) => t.gain)));
    expect(loudest).toEqual([...loudest].sort((a, b) => b - a));
    expect(loudest[3]).toBe(0);
  });
  it('goes on until an answer for R1 and R2 only', () => {
    expect(LEVELS.filter(soundsOn)).toEqual(['R1', 'R2']);
  });
});

describe('振动 (vibration)', () => {
  it('repeats 400 150 400 800 for R1 within what a browser takes', () => {
    const pattern = vibrationOf('R1');
    expect(pattern.slice(0, 8)).toEqual([400, 150, 400, 800, 400, 150, 400, 800]);
    expect(pattern.length).toBeLessThanOrEqual(99);
    expect(pattern.reduce((sum, ms) => sum + ms, 0)).toBe(STRONG_VIBRATION_MS);
  });
  it('is one short push for the rest', () => {
    expect(LEVELS.slice(1).map(vibrationOf)).toEqual([[200], [200], [200]]);
  });
});
