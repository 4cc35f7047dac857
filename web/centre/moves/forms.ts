/** Which fields each action asks for, what is missing in a draft, and the body that is sent. Pure. */
import { verbOf, type ActionName } from './actions.ts';

export const FIELDS = [
  'reason',
  'note',
  'text',
  'ruling',
  'until',
  'by',
  'level',
  'superviseLevel',
  'unit',
  'assignment',
  'into',
  'to',
  'checker',
  'score',
  'found',
  'photos',
  'before',
  'after',
  'grant',
  'replyTo',
] as const;
export type Field = (typeof FIELDS)[number];

/** What a person typed so far, one string or list per field; kept when a move is refused. */
export interface Draft {
  text: Partial<Record<Field, string>>;
  photos: Partial<Record<'photos' | 'before' | 'after', string[]>>;
  /** Units chosen for a dispatch. */
  lead: string | null;
  assisting: string[];
  /** They are those of the run card. */
  byCard?: boolean;
  /** 权属, said with the dispatch. */
  ownership?: string;
}
export function emptyDraft(): Draft {
  return { text: {}, photos: {}, lead: null, assisting: [] };
}

interface FormRow {
  readonly needs: readonly Field[];
  readonly may?: readonly Field[];
}
const REASON: FormRow = { needs: ['reason'] };
const NOTE: FormRow = { needs: [], may: ['note'] };

/** `dispatch` has a tab of its own and is not here. */
const FORMS = new Map<ActionName, FormRow>([
  ['call', NOTE],
  ['accept', NOTE],
  ['requestVerification', NOTE],
  ['answerVerification', { needs: ['found'], may: ['note', 'photos'] }],
  ['settleOnSpot', { needs: ['before', 'after'], may: ['note'] }],
  ['reject', REASON],
  ['withdraw', REASON],
  ['returnCall', REASON],
  ['recall', REASON],
  ['abort', REASON],
  ['reopen', REASON],
  ['appeal', REASON],
  ['raise', REASON],
  ['returnReferral', REASON],
  ['merge', { needs: ['into'] }],
  ['unmerge', { needs: [] }],
  ['resume', { needs: [] }],
  ['refer', { needs: ['to', 'reason'] }],
  ['suspend', { needs: ['until', 'reason'] }],
  ['release', { needs: ['assignment', 'reason'] }],
  ['assignCheck', { needs: [], may: ['checker'] }],
  ['acceptEvidence', NOTE],
  ['confirmClose', { needs: [], may: ['score', 'note'] }],
  ['failCheck', { needs: ['reason'], may: ['photos'] }],
  ['failSpotCheck', { needs: ['reason'], may: ['photos'] }],
  ['endDrill', NOTE],
  ['forceClose', REASON],
  ['confirmForceClose', REASON],
  ['extend', { needs: ['by', 'reason'] }],
  ['answerExtension', { needs: ['grant'], may: ['reason'] }],
  ['urge', NOTE],
  ['supervise', { needs: ['superviseLevel'], may: ['note'] }],
  ['regrade', { needs: ['level', 'reason'] }],
  ['addUnit', { needs: ['unit'] }],
  ['comment', { needs: ['text'] }],
  ['reply', { needs: ['replyTo', 'text'] }],
  ['answerReview', { needs: ['text'] }],
  ['attach', { needs: ['photos'] }],
  ['arbitrate', { needs: ['unit', 'ruling'] }],
]);

export function hasForm(action: ActionName): boolean {
  return FORMS.has(action);
}
export function fieldsOf(action: ActionName): readonly Field[] {
  const row = FORMS.get(action);
  return row ? [...row.needs, ...(row.may ?? [])] : [];
}
export function isNeeded(action: ActionName, field: Field): boolean {
  return FORMS.get(action)?.needs.includes(field) ?? false;
}

const PHOTO_FIELDS: ReadonlySet<Field> = new Set(['photos', 'before', 'after']);
function filled(draft: Draft, field: Field): boolean {
  if (PHOTO_FIELDS.has(field)) return (draft.photos[field as 'photos']?.length ?? 0) > 0;
  return (draft.text[field] ?? '').trim() !== '';
}

/** Fields still to be filled in, in the order of the form. */
export function missing(action: ActionName, draft: Draft): Field[] {
  return (FORMS.get(action)?.needs ?? []).filter((field) => !filled(draft, field));
}

/** The body of a dispatch: exactly the units that were seen on the page. Where they are those of the run card, its reasons go into the log. */
export function dispatchBody(draft: Draft & { lead: string }): Record<string, unknown> {
  const note = draft.text.note?.trim();
  return {
    verb: 'dispatch',
    lead: { unit: draft.lead },
    assisting: draft.assisting.map((unit) => ({ unit })),
    ...(draft.byCard ? { runCard: true } : {}),
    ...(draft.ownership ? { ownership: draft.ownership } : {}),
    ...(note ? { note } : {}),
  };
}

/** Who may be asked to check: those of the place, whose accounts are named after it. The service refuses others. */
export function checkersOf({ cell, community }: { readonly cell: string; readonly community: string }): readonly string[] {
  return [`grid.${cell}`, `community.${community}`];
}

const HOUR_MS = 3_600_000;

/**
 * The body of `POST /incidents/{id}/moves`.
 *
 * @param draft with nothing missing; `until` is a date and time on the district's clock (UTC+8), whatever the computer is set to; `by` whole or half hours.
 */
export function bodyOf(action: ActionName, draft: Draft): Record<string, unknown> {
  const body: Record<string, unknown> = { verb: verbOf(action), ...(action === 'answerReview' ? { review: true } : {}) };
  for (const field of fieldsOf(action)) {
    if (!filled(draft, field)) continue;
    if (PHOTO_FIELDS.has(field)) {
      body[field] = draft.photos[field as 'photos'];
      continue;
    }
    const value = draft.text[field]!.trim();
    switch (field) {
      case 'until':
        body.until = new Date(`${value}+08:00`).toISOString();
        break;
      case 'by':
        body.by = Math.round(Number(value) * HOUR_MS);
        break;
      case 'score':
      case 'replyTo':
        body[field] = Number(value);
        break;
      case 'superviseLevel':
        body.level = Number(value);
        break;
      case 'grant':
      case 'found':
        body[field] = value === 'true';
        break;
      default:
        body[field] = value;
    }
  }
  return body;
}
