/** What was typed into the forms of 共建 and not sent, by account, object and act. Survives Esc, a closed panel, a reload, and a session that ended. */
import { me } from '../../shared/session.ts';

const KEPT_AS = 'centre.cobuild.forms';
const nameOf = (form: string) => `${me.value?.account ?? ''} ${form}`;

function kept(): [string, object][] {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT_AS) ?? '[]') as [string, object][];
  } catch {
    return [];
  }
}
const drafts = new Map<string, object>(typeof sessionStorage === 'undefined' ? [] : kept());

/** Written when the page goes away, whatever the reason: signing in again comes back to it in the same tab. */
if (typeof addEventListener === 'function') {
  addEventListener('pagehide', () => {
    try {
      // Pictures are of this page alone.
      if (drafts.size === 0) sessionStorage.removeItem(KEPT_AS);
      else
        sessionStorage.setItem(
          KEPT_AS,
          JSON.stringify([...drafts], (name, value: unknown) => (name === 'photos' ? undefined : value)),
        );
    } catch {
      // Storage full or off: what was typed lives as long as the page.
    }
  });
}

/** @param form  object and act, as `conference 7a… hold`. @returns what the account that is signed in typed into it; null: nothing. */
export const draftOf = <T extends object>(form: string): Partial<T> | null => (drafts.get(nameOf(form)) as Partial<T> | undefined) ?? null;

/** @param draft  null, or with nothing in it: sent, or thrown away. */
export function keepDraft(form: string, draft: object | null): void {
  if (draft === null || Object.keys(draft).length === 0) drafts.delete(nameOf(form));
  else drafts.set(nameOf(form), draft);
}
