/** 满意率. */
import { expect, it } from 'vitest';
import { satisfactionOf } from '../../src/residents/satisfaction.ts';

const scored = (...scores: (1 | 2 | 3)[]) => scores.map((score) => ({ score }));

it('is the share of 满意 among those who rated', () => {
  expect(satisfactionOf(scored(3, 3, 2, 1))).toEqual({ rated: 4, good: 2, fair: 1, bad: 1, satisfactionRate: 0.5 });
  expect(satisfactionOf(scored(3)).satisfactionRate).toBe(1);
});
it('is no figure where nobody rated', () => {
  expect(satisfactionOf([])).toEqual({ rated: 0, good: 0, fair: 0, bad: 0, satisfactionRate: null });
});
