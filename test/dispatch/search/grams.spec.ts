import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeLexeme, queryOf, vectorOf } from '../../../src/dispatch/search/grams.ts';

const none = () => [];

describe('a text as grams', () => {
  it('is every two neighbours with their places, and the last character alone', () => {
    expect(vectorOf([{ text: '燃气泄漏', weight: 'B' }], [])).toBe("'燃气':11B '气泄':12B '泄漏':13B '漏':14B");
  });

  it('keeps words and numbers whole, and counts any signs between as one step', () => {
    expect(vectorOf([{ text: 'PVC管，B12 —— 断', weight: 'D' }], [])).toBe("'pvc':11D '管':12D 'b12':14D '断':16D");
  });

  it('keeps two texts so far apart that nothing goes from one into the next', () => {
    expect(
      vectorOf(
        [
          { text: '井', weight: 'A' },
          { text: '盖', weight: 'D' },
        ],
        [],
      ),
    ).toBe("'井':11A '盖':22D");
  });

  it('keeps codes by a sign that no text has', () => {
    const code = codeLexeme('p', '441802006001');
    expect(vectorOf([{ text: '#p441802006001', weight: 'B' }], [[code, 'C']])).toBe("'#p441802006001':1C 'p441802006001':11B");
  });
});

describe('a question', () => {
  it('is a chain of neighbours, and a beginning where one character or a word stands last', () => {
    expect(queryOf(['燃气'], none)).toBe("(('燃气'))");
    expect(queryOf(['燃气泄漏'], none)).toBe("(('燃气' <1> '气泄' <1> '泄漏'))");
    expect(queryOf(['气'], none)).toBe("(('气':*))");
    expect(queryOf(['pvc管'], none)).toBe("(('pvc' <1> '管':*))");
    expect(queryOf(['20261126-0012'], none)).toBe("(('20261126' <2> '0012':*))");
  });

  it('asks for every word, in the text or by what is named so', () => {
    expect(queryOf(['大观', '井盖'], (t) => (t === '大观' ? [codeLexeme('p', '1')] : []))).toBe("(('大观') | '#p1') & (('井盖'))");
  });

  it('is none where only signs are left', () => {
    expect(queryOf(['%', '——'], none)).toBeNull();
  });

  it('never lets a sign of the query language through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (term) => {
        const lexemes = (queryOf([term], none) ?? '').matchAll(/'([^']*)'/g);
        for (const [, lexeme] of lexemes) expect(lexeme).toMatch(/^[\p{L}\p{N}]+$/u);
      }),
    );
  });
});
