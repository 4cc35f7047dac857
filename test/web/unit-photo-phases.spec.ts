import { describe, expect, it, test } from 'vitest';
import type { WirePhoto } from '../../web/shared/types.ts';
import { askedPhase, groupOf, wayOf } from '../../web/unit/task/photo-phases.ts';

test.each([
  ['found', 'report'],
  ['check', 'report'],
  ['before', 'before'],
  ['during', 'during'],
  ['evidence', 'during'],
  ['after', 'after'],
] as const)('a photo of kind %s stands under %s', (kind, group) => expect(groupOf({ kind } as WirePhoto)).toBe(group));

describe('a photo of', () => {
  it('before goes with the arrival, and on the scene at once', () => {
    expect(wayOf('before', 'enRoute', true)).toBe('step');
    expect(wayOf('before', 'enRoute', false)).toBeNull();
    expect(wayOf('before', 'onScene', true)).toBe('atOnce');
  });
  it('during is for the scene, after goes with the end of it', () => {
    expect(wayOf('during', 'enRoute', true)).toBeNull();
    expect(wayOf('during', 'onScene', true)).toBe('atOnce');
    expect(wayOf('after', 'onScene', true)).toBe('step');
  });
  it.each(['assigned', 'finished', 'declined', 'released'] as const)('nothing is asked for while %s', (state) => {
    for (const phase of ['before', 'during', 'after'] as const) expect(wayOf(phase, state, true)).toBeNull();
    expect(askedPhase(state, new Set())).toBeNull();
  });
});

it('on the scene one is asked for before the work, then one after it, then none', () => {
  expect(askedPhase('onScene', new Set(['report']))).toBe('before');
  expect(askedPhase('onScene', new Set(['report', 'before']))).toBe('after');
  // Whoever has begun cannot show any more how it was.
  expect(askedPhase('onScene', new Set(['during']))).toBe('after');
  expect(askedPhase('onScene', new Set(['before', 'after']))).toBeNull();
});
