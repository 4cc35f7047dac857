/** What was typed into forms, by incident and action. Survives a refusal, a closed drawer, and a session that ended. */
import { reactive } from 'vue';
import { keepTyped } from '../../shared/typed.ts';
import { emptyDraft, type Draft } from './forms.ts';

const keyOf = (incident: string, action: string) => `${incident} ${action}`;

const drafts = reactive(new Map<string, Draft>());
keepTyped<[string, Draft][]>(
  'centre.drafts',
  (kept) => {
    drafts.clear();
    for (const [key, draft] of kept ?? []) drafts.set(key, draft);
  },
  () => {
    const filled = [...drafts].filter(([, d]) => isFilled(d));
    return filled.length === 0 ? null : filled;
  },
);

export function isFilled(draft: Draft): boolean {
  return (
    Object.values(draft.text).some((v) => v?.trim()) ||
    Object.values(draft.photos).some((p) => p && p.length > 0) ||
    draft.lead !== null ||
    draft.assisting.length > 0
  );
}

export function draftOf(incident: string, action: string): Draft {
  const key = keyOf(incident, action);
  if (!drafts.has(key)) drafts.set(key, emptyDraft());
  return drafts.get(key)!;
}
export function hasDraft(incident: string, action: string): boolean {
  const draft = drafts.get(keyOf(incident, action));
  return draft !== undefined && isFilled(draft);
}
export function dropDraft(incident: string, action: string): void {
  drafts.delete(keyOf(incident, action));
}
