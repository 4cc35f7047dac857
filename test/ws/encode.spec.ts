import type { Writable } from 'node:stream';
import { describe, expect, it, test } from 'vitest';
import * as ws from 'ws';
import { cutByBytes, encodeFrame, encodeMove, movesFrame, type TextFrame } from '../../src/ws/encode.ts';
import { ServerFrame } from '../../src/ws/frames.ts';
import { chatter, numbered, Story } from './support/story.ts';

/** In the package, not in its types. */
const { Receiver } = ws as unknown as { Receiver: new (options: { isServer: boolean }) => Writable };

/** What a receiver that follows RFC 6455 makes of the bytes. */
function received(...frames: TextFrame[]): string[] {
  const texts: string[] = [];
  const receiver = new Receiver({ isServer: false });
  receiver.on('message', (data: Buffer, isBinary: boolean) => texts.push(isBinary ? 'binary' : data.toString()));
  for (const { bytes } of frames) receiver.write(bytes);
  return texts;
}

describe('a prebuilt frame', () => {
  // Around the three ways of saying the length.
  test.each([0, 1, 100, 125, 126, 127, 65_535, 65_536, 200_000])('of %i letters more is a text frame of RFC 6455', (letters) => {
    const frame = encodeFrame({ type: 'error', code: 'x'.repeat(letters) });
    expect(received(frame)).toEqual([`{"type":"error","code":"${'x'.repeat(letters)}"}`]);
  });

  it('counts bytes, not characters', () => {
    expect(received(encodeFrame({ type: 'error', code: '网格发现'.repeat(30) }))).toEqual([
      `{"type":"error","code":"${'网格发现'.repeat(30)}"}`,
    ]);
  });

  it('of moves has each item once, in order, as the schema says', () => {
    const story = new Story();
    const moves = numbered([...story.untilDispatched('a', 'b'), story.acknowledge('a')]);
    const [text] = received(movesFrame(moves.map(encodeMove)));
    const frame = ServerFrame.parse(JSON.parse(text!));
    expect(frame).toMatchObject({ type: 'moves', items: moves.map(({ seq, incident, verb, to }) => ({ seq, incident, verb, to })) });
    expect(frame).toEqual(JSON.parse(text!)); // nothing beyond the schema
  });
});

describe('an item', () => {
  it('says null, not a state, before the report', () => {
    const [move] = numbered([new Story().report()]);
    expect(JSON.parse(encodeMove(move!).item)).toMatchObject({ from: null, to: 'reported' });
  });

  it('is counted in bytes, not in characters', () => {
    const [move] = numbered([new Story().report()]);
    const encoded = encodeMove({ ...move!, number: '清城-0001' });
    expect(encoded.bytes).toBe(encoded.item.length + 2 * 2);
    const { bytes, payloadAt } = movesFrame([encoded, encoded]);
    expect(JSON.parse(bytes.subarray(payloadAt).toString()).items.map((item: { number: string }) => item.number)).toEqual([
      '清城-0001',
      '清城-0001',
    ]);
  });

  it('carries no personal data: neither reporter nor due times', () => {
    const story = new Story({ reportedBy: 'grid.somebody' });
    for (const move of numbered(story.untilDispatched('a'))) {
      const text = encodeMove(move).item;
      expect(text).not.toContain('somebody');
      expect(text).not.toContain('until');
    }
  });
});

describe('cutting a run', () => {
  const moves = numbered(chatter(100)).map(encodeMove);

  it('keeps order and loses nothing, and no frame is longer than asked', () => {
    const parts = cutByBytes(moves, 2_000);
    expect(parts.length).toBeGreaterThan(5);
    expect(parts.flat().map((m) => m.seq)).toEqual(moves.map((m) => m.seq));
    for (const part of parts) expect(movesFrame(part).bytes.length).toBeLessThanOrEqual(2_000 + 4);
  });

  it('gives an item that is too long a frame of its own', () => {
    expect(cutByBytes(moves, 10)).toHaveLength(100);
  });

  it('makes nothing of nothing', () => {
    expect(cutByBytes([], 10)).toEqual([]);
  });
});
