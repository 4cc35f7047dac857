/** What was typed into forms, by incident and action. Survives a refusal, a closed drawer, and a session that ended. */
import { reactive } from 'vue';
import { emptyDraft, type Draft } from './forms.ts';

const KEPT_AS = 'centre.drafts';
const keyOf = (incident: string, action: string) => `${incident} ${action}`;

function kept(): [string, Draft][] {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT_AS) ?? '[]') as [string, Draft][];
  } catch {
    return [];
  }
}

const drafts = reactive(new Map<string, Draft>(kept()));

/** Written when the page goes away, whatever the reason: signing in again comes back to it in the same tab. */
addEventListener('pagehide', () => {
  try {
    const filled = [...drafts].filter(([, d]) => isFilled(d));
    if (filled.length === 0) sessionStorage.removeItem(KEPT_AS);
    else sessionStorage.setItem(KEPT_AS, JSON.stringify(filled));
  } catch {
    // Storage full or off: what was typed lives as long as the page.
  }
});

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
