/** Figures on the wall: whatever is slow, they are those of the place whose name stands above them. */
import { describe, expect, it } from 'vitest';
import { ref } from 'vue';
import { makePlaceFigures } from '../../web/wall/place-figures.ts';

/** A service that answers when it is told to. */
function slow() {
  const waiting: { place: string; answer: (figures: string) => void; fail: (why: Error) => void }[] = [];
  const place = ref('');
  const { figures, read } = makePlaceFigures(
    place,
    (of) => new Promise<string>((answer, fail) => void waiting.push({ place: of, answer, fail })),
  );
  return { place, figures, read, waiting };
}

describe('figures of a place', () => {
  it('are gone the moment another place is looked at, also by the browser’s own way back', async () => {
    const { place, figures, read, waiting } = slow();
    const first = read();
    waiting[0]!.answer('district');
    expect(await first).toBe(true);
    expect(figures.value).toBe('district');
    place.value = '441802006';
    expect(figures.value).toBeNull();
  });

  it('are not those of the place before, when its answer comes late', async () => {
    const { place, figures, read, waiting } = slow();
    const district = read();
    place.value = '441802006';
    const own = read();
    waiting[1]!.answer('subdistrict');
    expect(await own).toBe(true);
    waiting[0]!.answer('district');
    expect(await district).toBe(false);
    expect(figures.value).toBe('subdistrict');
    expect(waiting.map((one) => one.place)).toEqual(['', '441802006']);
  });

  it('are not older than what is shown', async () => {
    const { figures, read, waiting } = slow();
    const early = read();
    const late = read();
    waiting[1]!.answer('newer');
    await late;
    waiting[0]!.answer('older');
    expect(await early).toBe(false);
    expect(figures.value).toBe('newer');
  });

  it('are taken from an earlier question while a later one is under way: nobody waits for nothing', async () => {
    const { figures, read, waiting } = slow();
    const early = read();
    const late = read();
    waiting[0]!.answer('first');
    expect(await early).toBe(true);
    expect(figures.value).toBe('first');
    waiting[1]!.fail(new Error('lost'));
    await expect(late).rejects.toThrow('lost');
    expect(figures.value).toBe('first');
  });

  it('fail aloud for this place, and silently for the one that was left', async () => {
    const { place, read, waiting } = slow();
    const left = read();
    place.value = '441802006';
    waiting[0]!.fail(new Error('lost'));
    expect(await left).toBe(false);
    const here = read();
    waiting[1]!.fail(new Error('lost'));
    await expect(here).rejects.toThrow('lost');
  });
});
