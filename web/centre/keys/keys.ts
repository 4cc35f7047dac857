/** Which key does what in the centre. Pure: the page hands the key in and carries out what comes back. */

import { BATCH_ACTIONS } from '../batch/actions.ts';
import { everMay, takesCalls } from '../moves/actions.ts';

export type KeyAction =
  | {
      readonly do:
        | 'next'
        | 'previous'
        | 'open'
        | 'close'
        | 'fly'
        | 'find'
        | 'filter'
        | 'theme'
        | 'help'
        | 'solid'
        | 'replay'
        | 'play'
        | 'stepBack'
        | 'stepOn'
        | 'pick'
        | 'pickNext'
        | 'pickPrevious'
        | 'batch'
        | 'turn'
        | 'report';
    }
  | { readonly do: 'tab'; readonly tab: 1 | 2 | 3 | 4 | 5 }
  | { readonly do: 'verb'; readonly verb: 'dispatch' | 'addUnit' | 'urge' | 'regrade' | 'extend' | 'suspend' }
  | { readonly do: 'subdistrict'; readonly by: 1 | -1 };

export interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey?: boolean;
  readonly isComposing: boolean;
}
/**
 * Where the key was pressed: `text` for anything that takes typing, `control` for a button or link that Enter presses, `own` for what has
 * arrows, Enter and space bar for itself: the map, a choice of several, a part that is scrolled.
 */
export type KeyPlace = 'text' | 'control' | 'own' | 'page';
const OWN: ReadonlySet<string> = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Enter', ' ']);

const SINGLE = new Map<string, KeyAction>([
  ['j', { do: 'next' }],
  ['arrowdown', { do: 'next' }],
  ['k', { do: 'previous' }],
  ['arrowup', { do: 'previous' }],
  ['1', { do: 'tab', tab: 1 }],
  ['2', { do: 'tab', tab: 2 }],
  ['3', { do: 'tab', tab: 3 }],
  ['4', { do: 'tab', tab: 4 }],
  ['5', { do: 'tab', tab: 5 }],
  ['d', { do: 'verb', verb: 'dispatch' }],
  ['a', { do: 'verb', verb: 'addUnit' }],
  ['u', { do: 'verb', verb: 'urge' }],
  ['g', { do: 'verb', verb: 'regrade' }],
  ['e', { do: 'verb', verb: 'extend' }],
  ['h', { do: 'verb', verb: 'suspend' }],
  ['x', { do: 'pick' }],
  ['b', { do: 'batch' }],
  ['w', { do: 'turn' }],
  ['c', { do: 'report' }],
  ['m', { do: 'fly' }],
  ['[', { do: 'subdistrict', by: -1 }],
  [']', { do: 'subdistrict', by: 1 }],
  ['f', { do: 'filter' }],
  ['/', { do: 'find' }],
  ['r', { do: 'replay' }],
  ['t', { do: 'theme' }],
  ['?', { do: 'help' }],
]);

/** With Shift, letters do what they do without, but for these. */
const SHIFTED = new Map<string, KeyAction>([
  ['j', { do: 'pickNext' }],
  ['arrowdown', { do: 'pickNext' }],
  ['k', { do: 'pickPrevious' }],
  ['arrowup', { do: 'pickPrevious' }],
]);

/** While the past is played; no letters, so that they work where single letters are switched off. */
const PLAYING = new Map<string, KeyAction>([
  [' ', { do: 'play' }],
  ['ArrowLeft', { do: 'stepBack' }],
  ['ArrowRight', { do: 'stepOn' }],
]);

/** Groups of the help sheet, in reading order; the words are messages under `centre.keys`. */
export const KEY_SHEET = [
  { keys: ['J', 'K'], name: 'walk' },
  { keys: ['Enter'], name: 'open' },
  { keys: ['Esc'], name: 'close' },
  { keys: ['1', '2', '3', '4', '5'], name: 'tabs' },
  { keys: ['Ctrl', 'Enter'], name: 'solid' },
  { keys: ['C'], name: 'report' },
  { keys: ['D'], name: 'dispatch' },
  { keys: ['A'], name: 'addUnit' },
  { keys: ['U'], name: 'urge' },
  { keys: ['G'], name: 'regrade' },
  { keys: ['E'], name: 'extend' },
  { keys: ['H'], name: 'suspend' },
  { keys: ['X'], name: 'pick' },
  { keys: ['Shift', 'J', 'K'], name: 'pickOn' },
  { keys: ['B'], name: 'batch' },
  { keys: ['W'], name: 'turn' },
  { keys: ['M'], name: 'fly' },
  { keys: ['[', ']'], name: 'subdistrict' },
  { keys: ['F'], name: 'filter' },
  { keys: ['/'], name: 'find' },
  { keys: ['R'], name: 'replay' },
  { keys: ['Space', '←', '→'], name: 'replayKeys' },
  { keys: ['T'], name: 'theme' },
  { keys: ['?'], name: 'help' },
] as const;

const VERB_KEYS: ReadonlySet<string> = new Set([...SINGLE.values()].flatMap((action) => (action.do === 'verb' ? [action.verb] : [])));
/** What selects rows, which is of use only where something can be done with several. */
const BATCH_KEYS: ReadonlySet<string> = new Set(['pick', 'pickOn', 'batch']);

/** Whether this role can do anything with a key; one that never does anything is not offered. @param name  as in `KEY_SHEET` */
export function hasKey(name: string, role: string | undefined): boolean {
  if (name === 'report') return takesCalls(role);
  if (BATCH_KEYS.has(name)) return BATCH_ACTIONS.some((verb) => everMay(verb, role));
  return !VERB_KEYS.has(name) || everMay(name, role);
}

/**
 * @param singleKeys false where the person switched single letters off (WCAG 2.1.4); Esc, Enter and Ctrl+Enter still work.
 * @param playing  an hour of the past is played.
 * @returns null for a key that is not ours, or that belongs to the input it was pressed in.
 */
export function keyAction(pressed: Pressed, place: KeyPlace, singleKeys: boolean, playing = false): KeyAction | null {
  // Enter that chooses a Chinese candidate must not send anything.
  if (pressed.isComposing || pressed.altKey) return null;
  if (pressed.key === 'Enter' && (pressed.ctrlKey || pressed.metaKey)) return { do: 'solid' };
  if (pressed.ctrlKey || pressed.metaKey) return null;
  if (pressed.key === 'Escape') return { do: 'close' };
  if (place === 'text' || (place === 'own' && OWN.has(pressed.key))) return null;
  const hand = playing ? PLAYING.get(pressed.key) : undefined;
  if (hand) return pressed.key === ' ' && place === 'control' ? null : hand;
  if (pressed.key === 'Enter') return place === 'control' ? null : { do: 'open' };
  const key = pressed.key.toLowerCase();
  if (!singleKeys && key !== 'arrowdown' && key !== 'arrowup') return null;
  return (pressed.shiftKey ? SHIFTED.get(key) : undefined) ?? SINGLE.get(key) ?? null;
}
