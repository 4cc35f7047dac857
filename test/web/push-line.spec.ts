import { expect, it } from 'vitest';
import { pushLineOf } from '../../web/shared/push/push-line.ts';
import { pushEn, pushZh } from '../../web/shared/push/words.ts';

const STATES = ['on', 'off', 'denied', 'none', 'unreachable'] as const;
const TRIALS = ['none', 'sent', 'arrived', 'late'] as const;
const lines = STATES.flatMap((state) => TRIALS.map((trial) => ({ state, trial, ...pushLineOf(state, trial) })));

it('every state of web push has words in both languages, and a button where the person can do something', () => {
  for (const { says, act } of lines) {
    for (const words of [pushZh, pushEn]) {
      expect(words[says]).not.toBe('');
      if (act) expect(words[act]).not.toBe('');
    }
  }
  expect(lines.filter((l) => l.act === null).map((l) => `${l.state} ${l.trial}`)).toEqual([
    'on sent',
    ...['denied', 'none'].flatMap((state) => TRIALS.map((trial) => `${state} ${trial}`)),
  ]);
});

it('is good only where it is on and no trial failed', () => {
  expect(lines.filter((l) => l.good).map((l) => `${l.state} ${l.trial}`)).toEqual(['on none', 'on sent', 'on arrived']);
});
