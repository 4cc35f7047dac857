/** What a frame has named is read until it worked: nothing brings that frame again. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiProblem } from '../../web/shared/problem.ts';
import { makeWanted } from '../../web/shared/wanted.ts';
import { json, newDevice, openPage } from './support/page.ts';

const trouble = (status: number) => new ApiProblem(status, {});
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function service(...fates: (ApiProblem | null)[]) {
  const asked: string[] = [];
  const wanted = makeWanted(async (id) => {
    asked.push(id);
    const fate = fates.shift() ?? null;
    if (fate) throw fate;
  });
  return { asked, ...wanted };
}

describe('an incident that could not be read', () => {
  it('is asked for again, less and less often, until it comes', async () => {
    const { want, asked } = service(trouble(0), trouble(503), null);
    want(['a']);
    await vi.advanceTimersByTimeAsync(200);
    expect(asked).toEqual(['a']);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked).toEqual(['a', 'a']);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(asked).toEqual(['a', 'a']);
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(asked).toEqual(['a', 'a', 'a']);
  });

  it('comes at once when the connection is back, or with the next frame', async () => {
    const { want, hurry, asked } = service(trouble(0), trouble(0), null, null);
    want(['a']);
    await vi.advanceTimersByTimeAsync(200);
    hurry();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual(['a', 'a']);
    want(['b']);
    await vi.advanceTimersByTimeAsync(200);
    expect(asked.slice(2).sort()).toEqual(['a', 'b']);
    hurry();
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(asked).toHaveLength(4);
  });

  it.each([403, 404, 422])('is let go when the service says that it is not for us (%i)', async (status) => {
    const { want, asked } = service(trouble(status));
    want(['a']);
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(asked).toEqual(['a']);
  });

  it('waits for whoever has to sign in again', async () => {
    const { want, hurry, asked } = service(trouble(401), null);
    want(['a']);
    await vi.advanceTimersByTimeAsync(200);
    hurry();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual(['a', 'a']);
  });
});

describe('the board of a unit', () => {
  it('gets what rings, though the first reading failed', async () => {
    let up = false;
    openPage(newDevice(), () => (up ? json({ id: 'i1', version: 3 }) : Promise.reject(new TypeError('no network'))));
    const { openBoard } = await import('../../web/unit/board.ts');
    const board = openBoard(
      'u',
      () => undefined,
      () => undefined,
    );
    board.load('i1');
    await vi.advanceTimersByTimeAsync(200);
    expect(board.incidents.value.size).toBe(0);
    up = true;
    await vi.advanceTimersByTimeAsync(2_100);
    expect(board.incidents.value.get('i1')).toMatchObject({ version: 3 });
  });
});
