/** What a grid worker can do to an incident, as a form: what it asks for, and the commands it makes. Pure. */
import { isEnd } from '../../../src/dispatch/chain/states.ts';
import type { PersonCommand, Verb, WireIncident } from '../../shared/types.ts';

export type Action = 'verifyTrue' | 'verifyNothing' | 'checkGood' | 'checkBad' | 'comment' | 'attach' | 'urge' | 'appeal' | 'withdraw';

export interface FormShape {
  /** Whether words are asked for, and whether it goes without. */
  readonly words: 'needed' | 'optional' | 'none';
  readonly photos: 'needed' | 'optional' | 'none';
}

export const FORMS: Readonly<Record<Action, FormShape>> = {
  verifyTrue: { words: 'optional', photos: 'optional' },
  verifyNothing: { words: 'optional', photos: 'optional' },
  checkGood: { words: 'optional', photos: 'needed' },
  checkBad: { words: 'needed', photos: 'optional' },
  comment: { words: 'needed', photos: 'none' },
  attach: { words: 'none', photos: 'needed' },
  urge: { words: 'optional', photos: 'none' },
  appeal: { words: 'needed', photos: 'none' },
  withdraw: { words: 'needed', photos: 'none' },
};

const NEEDS: Readonly<Record<Action, readonly Verb[]>> = {
  verifyTrue: ['answerVerification'],
  verifyNothing: ['answerVerification'],
  checkGood: ['failCheck', 'failSpotCheck'],
  checkBad: ['failCheck', 'failSpotCheck'],
  comment: ['comment'],
  attach: ['attach'],
  urge: ['urge'],
  appeal: ['appeal'],
  withdraw: ['withdraw'],
};
export type Moot = 'closed' | 'ended' | 'elsewhere' | null;
/** Why an open form has nothing to do any more: the incident was closed or ended otherwise, or somebody else made this step. */
export function mootOf(action: Action, incident: Pick<WireIncident, 'state' | 'may'>): Moot {
  if (NEEDS[action].some((verb) => incident.may.includes(verb))) return null;
  return incident.state === 'closed' ? 'closed' : isEnd(incident.state) ? 'ended' : 'elsewhere';
}

/** What was asked of the grid worker is done with it: it was verified, or checked. */
export const isAnswer = (action: Action): boolean => NEEDS[action].some((verb) => verb === 'answerVerification' || verb === 'failCheck');

export type Lack = 'words' | 'photo' | 'sending' | null;
/** What is missing before it may go out; photos that are still on their way count as missing. */
export function lackOf(action: Action, words: string, photos: readonly { readonly sentId?: string }[]): Lack {
  const form = FORMS[action];
  if (form.photos === 'needed' && photos.length === 0) return 'photo';
  if (form.words === 'needed' && words.trim() === '') return 'words';
  if (photos.some((p) => p.sentId === undefined)) return 'sending';
  return null;
}

/**
 * The commands in order. A good check has no verb of its own for a grid worker: the photos and the words go to the community, which closes.
 *
 * @param goodText  what is said when a good check comes without words.
 */
export function commandsOf(
  action: Action,
  incident: Pick<WireIncident, 'may'>,
  words: string,
  photoIds: readonly string[],
  goodText: string,
): PersonCommand[] {
  const said = words.trim();
  const note = said === '' ? {} : { note: said };
  const photos = photoIds.length === 0 ? {} : { photos: [...photoIds] };
  switch (action) {
    case 'verifyTrue':
    case 'verifyNothing':
      return [{ verb: 'answerVerification', found: action === 'verifyTrue', ...photos, ...note }];
    case 'checkGood':
      return [
        { verb: 'attach', photos: [...photoIds] },
        // The result first, in the same words each time: the community looks for it.
        { verb: 'comment', text: said === '' ? goodText : `${goodText} ${said}` },
      ];
    case 'checkBad':
      return [{ verb: incident.may.includes('failSpotCheck') ? 'failSpotCheck' : 'failCheck', reason: said, ...photos }];
    case 'comment':
      return [{ verb: 'comment', text: said }];
    case 'attach':
      return [{ verb: 'attach', photos: [...photoIds] }];
    case 'urge':
      return [{ verb: 'urge', ...note }];
    case 'appeal':
      return [{ verb: 'appeal', reason: said }];
    case 'withdraw':
      return [{ verb: 'withdraw', reason: said }];
  }
}
