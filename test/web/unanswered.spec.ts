/** A lost answer: what was pressed twice is done once, and what is another act is never taken for it. */
import { describe, expect, it } from 'vitest';
import { ApiProblem } from '../../web/shared/problem.ts';
import { makeUnanswered, type Sent } from '../../web/shared/unanswered.ts';

function newKeys(): () => string {
  let n = 0;
  return () => `key-${++n}`;
}
function desk() {
  const unanswered = makeUnanswered(newKeys());
  const arrived: Sent[] = [];
  /** @param ends  how the answer is lost or given; undefined: answered. */
  async function press(path: string, body: unknown, ends?: ApiProblem | Error): Promise<string> {
    try {
      await unanswered.send(path, body, async (sent) => {
        arrived.push(sent);
        if (ends) throw ends;
        return 'done';
      });
      return 'done';
    } catch (thrown) {
      return thrown === ends ? 'thrown on' : 'another error';
    }
  }
  return { arrived, press, keys: () => arrived.map(({ key }) => key) };
}
const lost = new ApiProblem(0, {});

describe('an act whose answer was lost', () => {
  it.each([
    ['not reached', lost],
    ['overloaded', new ApiProblem(503, {})],
    ['too many at once', new ApiProblem(429, {})],
    ['signed out meanwhile', new ApiProblem(401, { code: 'signed-out' })],
    ['an answer that is not from the service', new SyntaxError('not JSON')],
  ])('goes out again under its key: %s', async (_, problem) => {
    const { press, keys } = desk();
    expect(await press('/needs', { titleZh: '桶' }, problem)).toBe('thrown on');
    expect(await press('/needs', { titleZh: '桶' })).toBe('done');
    expect(keys()).toEqual(['key-1', 'key-1']);
  });

  it('is over once it is answered: the same words are a new act', async () => {
    const { press, keys } = desk();
    await press('/needs', { titleZh: '桶' }, lost);
    await press('/needs', { titleZh: '桶' });
    await press('/needs', { titleZh: '桶' });
    expect(keys()).toEqual(['key-1', 'key-1', 'key-2']);
  });

  it('is over once it is refused: it is asked anew after that', async () => {
    const { press, keys } = desk();
    await press('/needs/1/claims', { quantity: 2 }, new ApiProblem(409, { code: 'need-taken' }));
    await press('/needs/1/claims', { quantity: 2 });
    expect(keys()).toEqual(['key-1', 'key-2']);
  });

  it('goes out as it was, with the version it was decided on, when the list was read again meanwhile', async () => {
    const { press, arrived } = desk();
    await press('/resolutions/1/moves', { verb: 'progress', note: '过半', expectedVersion: 3 }, lost);
    await press(
      '/resolutions/1/moves',
      { verb: 'progress', note: '过半', expectedVersion: 4 },
      new ApiProblem(409, { code: 'version-conflict' }),
    );
    await press('/resolutions/1/moves', { verb: 'progress', note: '过半', expectedVersion: 4 });
    expect(arrived).toEqual([
      { key: 'key-1', body: { verb: 'progress', note: '过半', expectedVersion: 3 } },
      { key: 'key-1', body: { verb: 'progress', note: '过半', expectedVersion: 3 } },
      { key: 'key-2', body: { verb: 'progress', note: '过半', expectedVersion: 4 } },
    ]);
  });

  it('is not another row, and not other words: those have keys of their own', async () => {
    const { press, keys } = desk();
    await press('/plans/a/progress', { done: 3 }, lost);
    await press('/plans/b/progress', { done: 3 }, lost);
    await press('/plans/a/progress', { done: 4 }, lost);
    await press('/plans/a/progress', { done: 3 });
    expect(keys()).toEqual(['key-1', 'key-2', 'key-3', 'key-1']);
  });

  it('may be told apart by less than its body: the moment of the press is none of it', async () => {
    const { send } = makeUnanswered(newKeys());
    const bodies: unknown[] = [];
    const book = (at: string, problem?: ApiProblem) =>
      send(
        '/resources/1/bookings',
        { hours: 4, from: at },
        async ({ body }) => {
          bodies.push(body);
          if (problem) throw problem;
        },
        { hours: 4 },
      );
    await expect(book('08:00', lost)).rejects.toBe(lost);
    await book('08:01');
    await book('08:02');
    expect(bodies).toEqual([
      { hours: 4, from: '08:00' },
      { hours: 4, from: '08:00' },
      { hours: 4, from: '08:02' },
    ]);
  });

  it('is one act also when it is pressed again while it is under way', async () => {
    const { press, keys } = desk();
    await Promise.all([press('/leaders', { personZh: '王' }), press('/leaders', { personZh: '王' })]);
    expect(keys()).toEqual(['key-1', 'key-1']);
  });
});
