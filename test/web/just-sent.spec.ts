import { describe, expect, it, test } from 'vitest';
import { sentStage, type Sending } from '../../web/field/home/just-sent.ts';

const of = (more: Partial<Sending>): Sending => ({ draft: { stage: 'queued' }, incident: null, online: true, retries: false, ...more });

describe('已上报 (what became of the report that was just sent)', () => {
  test.each([
    ['going', of({})],
    ['going', of({ incident: 'taken, only the settling is left' })],
    ['waits', of({ online: false })],
    ['waits', of({ retries: true })],
    ['sent', of({ draft: undefined, incident: 'i' })],
    ['sent', of({ draft: undefined, incident: 'i', online: false })],
    ['refused', of({ draft: { stage: 'refused' } })],
    ['refused', of({ draft: { stage: 'refused' }, online: false })],
  ] as const)('%s', (stage, sending) => {
    expect(sentStage(sending)).toBe(stage);
  });

  it('is nothing once it is written again, or was dropped', () => {
    expect(sentStage(of({ draft: { stage: 'draft' } }))).toBeNull();
    expect(sentStage(of({ draft: undefined }))).toBeNull();
  });
});
