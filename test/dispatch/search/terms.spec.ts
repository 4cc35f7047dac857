import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptOf, marked, termsOf } from '../../../src/dispatch/search/terms.ts';

describe('what was typed', () => {
  it('is words that all count, each once, capitals and width aside', () => {
    expect(termsOf('  燃气 Ｇas GAS　泄漏 ')).toEqual(['燃气', 'gas', '泄漏']);
    expect(termsOf(' ')).toEqual([]);
  });
});

describe('marks', () => {
  const hits = (text: string, ...terms: string[]) => marked(text, terms).map((p) => (p.hit ? `[${p.text}]` : p.text));

  it('stand where a term stands, every time', () => {
    expect(hits('燃气漏了，燃气味很重', '燃气')).toEqual(['[燃气]', '漏了，', '[燃气]', '味很重']);
    expect(hits('Gas leak', 'gas')).toEqual(['[Gas]', ' leak']);
    expect(hits('没有', '燃气')).toEqual(['没有']);
  });

  it('cover the longest of two that overlap', () => {
    expect(hits('燃气泄漏', '燃气', '燃气泄漏')).toEqual(['[燃气泄漏]']);
  });

  it('lose nothing of the text, whatever is asked', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string({ unit: 'binary', minLength: 1 }), { maxLength: 4 }), (text, terms) => {
        expect(
          marked(text, terms)
            .map((p) => p.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });
});

describe('the words around a hit', () => {
  it('begin a little before it, on one line, and say that they are a piece', () => {
    const long = `${'这里先说了别的事情，'.repeat(3)}后来才提到\n井盖不见了${'，还有很多话'.repeat(12)}`;
    const piece = excerptOf(long, ['井盖'])!;
    expect(piece.startsWith('…')).toBe(true);
    expect(piece.endsWith('…')).toBe(true);
    expect(piece).toContain('提到 井盖不见了');
    expect(excerptOf('井盖不见了', ['井盖'])).toBe('井盖不见了');
    expect(excerptOf('井盖不见了', ['燃气'])).toBeNull();
  });
});
