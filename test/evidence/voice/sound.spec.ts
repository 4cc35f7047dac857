import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { byteRange } from '../../../src/evidence/voice/byte-range.ts';
import { isSoundFile, readSound } from '../../../src/evidence/voice/sound.ts';
import { mp4, ogg, pagesAreSigned, webm } from './recordings.ts';

const WHOLE = [
  ['webm', webm(23_400)],
  ['ogg', ogg(23_400)],
  ['mp4', mp4(23_400)],
] as const;

describe('a voice note', () => {
  test.each(WHOLE)('as %s says how long it is', (type, file) => {
    expect(readSound(file)).toEqual({ type, durationMs: 23_400, bytes: file });
  });

  it('in fragments is counted, whether its samples say their length or not', () => {
    expect(readSound(mp4(6_000, { fragmented: true }))).toMatchObject({ type: 'mp4', durationMs: 6_000 });
  });

  it('longer than a cluster of blocks can number is still counted', () => {
    expect(readSound(webm(95_000))?.durationMs).toBe(95_000);
  });

  test.each(WHOLE)('as %s that is cut off is none', (_type, file) => {
    expect(readSound(file.subarray(0, file.length - 1))).toBeNull();
    expect(readSound(file.subarray(0, 12))).toBeNull();
  });

  it.each([
    ['a film', webm(1_000, { trackTypes: [1] })],
    ['a film with sound', webm(1_000, { trackTypes: [2, 1] })],
    ['another Matroska document', webm(1_000, { docType: 'matroska' })],
    ['two streams in one Ogg', ogg(1_000, { streams: 2 })],
    ['an Ogg of something else', ogg(1_000, { head: '\x80theora' })],
    ['a film in MP4', mp4(1_000, { handlers: ['vide'] })],
    ['a film with sound in MP4', mp4(1_000, { handlers: ['soun', 'vide'] })],
    ['an MP4 without a track', mp4(1_000, { handlers: [] })],
    ['WebM with Vorbis, whose decoder needs what its recorder wrote', webm(1_000, { codec: 'A_VORBIS' })],
    ['an Ogg without the packet of comments', ogg(1_000, { tags: 'OpusSaid' })],
  ])('is not %s', (_what, file) => {
    expect(isSoundFile(file)).toBe(true);
    expect(readSound(file)).toBeNull();
  });

  it('is known by its bytes alone', () => {
    for (const text of ['', 'GIF89a', '\x89PNG\r\n\x1a\n', '<svg/>']) expect(isSoundFile(new TextEncoder().encode(text))).toBe(false);
  });

  it('is read or refused, whatever is broken in it', () => {
    const broken = fc.tuple(fc.constantFrom(...WHOLE.map(([, file]) => file)), fc.nat(400), fc.nat(255), fc.nat(400));
    fc.assert(
      fc.property(broken, ([file, at, byte, cut]) => {
        const changed = file.slice(0, file.length - cut);
        changed[at] = byte;
        const sound = readSound(changed);
        expect(sound === null || (Number.isFinite(sound.durationMs) && sound.durationMs >= 0)).toBe(true);
      }),
    );
  });
});

describe('what a recorder wrote beside the sound', () => {
  const SAID = '+23.6795+113.0008/ iPhone of Zhang San';
  const MADE_AT = 3_900_000_000;
  const told: readonly (readonly [string, Uint8Array, Uint8Array])[] = [
    ['webm', webm(4_200, { said: SAID }), webm(4_200)],
    ['ogg', ogg(4_200, { said: SAID }), ogg(4_200)],
    ['mp4', mp4(4_000, { said: SAID, madeAt: MADE_AT }), mp4(4_000)],
    ['mp4 in fragments', mp4(4_000, { fragmented: true, said: SAID, madeAt: MADE_AT }), mp4(4_000, { fragmented: true })],
  ];
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

  test.each(told)('is not in the %s that is kept, and the sound is what it was', (_type, file, plain) => {
    expect(text(file)).toContain(SAID);
    const { bytes, durationMs } = readSound(file)!;
    expect(text(bytes)).not.toMatch(/iPhone|Zhang|113\.0008/);
    expect(text(bytes)).not.toContain(text(Uint8Array.from([0xe8, 0x75, 0x47, 0x00])));
    // Nothing moves: what points into the file still points at the same.
    expect(bytes).toHaveLength(file.length);
    expect(durationMs).toBe(readSound(plain)!.durationMs);
    // Nothing is left to be taken out.
    expect(readSound(bytes)!.bytes).toEqual(bytes);
  });

  it('leaves the pages of an Ogg with their checksums', () => {
    const file = ogg(4_200, { said: SAID });
    expect(pagesAreSigned(file)).toBe(true);
    expect(pagesAreSigned(readSound(file)!.bytes)).toBe(true);
  });

  it('leaves the file as it was sent alone', () => {
    for (const [, file] of told) {
      const before = file.slice();
      readSound(file);
      expect(file).toEqual(before);
    }
  });
});

describe('the part of a file that a player asks for', () => {
  test.each([
    ['bytes=0-1', { from: 0, to: 1 }],
    ['bytes=10-', { from: 10, to: 99 }],
    ['bytes=90-400', { from: 90, to: 99 }],
    ['bytes=-10', { from: 90, to: 99 }],
    ['bytes=-400', { from: 0, to: 99 }],
  ])('%s', (header, part) => {
    expect(byteRange(header, 100)).toEqual(part);
  });
  test.each([undefined, '', 'bytes=-', 'bytes=0-1,5-6', 'lines=0-1', 'bytes=100-', 'bytes=5-2', 'bytes=-0'])(
    '%s is the whole',
    (header) => {
      expect(byteRange(header, 100)).toBeNull();
    },
  );
});
