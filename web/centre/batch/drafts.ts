/** What was typed for several at once, by action: there until it was done, whatever fails or is closed meanwhile. */
import { draftOf, dropDraft } from '../moves/drafts.ts';
import type { ActionName } from '../moves/actions.ts';
import type { Draft } from '../moves/forms.ts';

/** In the place of an incident's id; no id looks so. */
const BATCH = 'batch';
export const batchDraft = (action: ActionName): Draft => draftOf(BATCH, action);
export const dropBatchDraft = (action: ActionName): void => dropDraft(BATCH, action);
