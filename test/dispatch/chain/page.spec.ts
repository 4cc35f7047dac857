import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { chainPage } from '../../../scripts/draw-chain.ts';

it('docs/chain.md is what the table gives (npm run docs:chain)', () => {
  expect(readFileSync('docs/chain.md', 'utf8')).toBe(chainPage());
});
