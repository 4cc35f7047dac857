/** 演练 on the wire: every frame that a person may act on says that it is an exercise; nothing else of it changes. */
import { describe, expect, it } from 'vitest';
import { encodeMove } from '../../src/ws/encode.ts';
import { ServerFrame } from '../../src/ws/frames.ts';
import { OpenWork } from '../../src/ws/open-work.ts';
import { ringOf } from '../../src/ws/rings.ts';
import { signalsOf } from '../../src/ws/signals.ts';
import { numbered, Story, tells } from './support/story.ts';

/** A dispatch that also tells the district. */
function sent(drill: boolean) {
  const story = new Story({ level: 'R1' });
  const drafts = story.untilDispatched('a');
  const last = tells(drafts.pop()!, 'dispatched', 'district');
  return numbered([...drafts, last].map((draft) => (drill ? { ...draft, drill: true as const } : draft)));
}
const frames = (drill: boolean) =>
  [...signalsOf(sent(drill).map((move) => ({ move }))).values()]
    .flatMap((signals) => signals.frames)
    .map(({ bytes, payloadAt }) => ServerFrame.parse(JSON.parse(bytes.subarray(payloadAt).toString())));

describe('演练 in frames', () => {
  it('is said by moves, rings and notices', () => {
    expect(sent(true).map((move) => JSON.parse(encodeMove(move).item).drill)).toEqual([true, true, true, true]);
    expect(frames(true)).toEqual([
      expect.objectContaining({ type: 'ring', drill: true }),
      expect.objectContaining({ type: 'notice', drill: true }),
    ]);
  });

  it('is said again when a device comes back, and when it rings again', () => {
    const work = new OpenWork();
    for (const move of sent(true)) work.apply(move);
    const [open] = work.ringing('a');
    const { bytes, payloadAt } = ringOf(open!).frame;
    expect(JSON.parse(bytes.subarray(payloadAt).toString())).toMatchObject({ type: 'ring', drill: true });
  });

  it('is not mentioned in earnest', () => {
    expect(sent(false).map((move) => encodeMove(move).item)).not.toContainEqual(expect.stringContaining('drill'));
    for (const frame of frames(false)) expect(frame).not.toHaveProperty('drill');
    expect(frames(false)).toHaveLength(2);
  });
});
