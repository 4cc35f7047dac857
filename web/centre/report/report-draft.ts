/** The report that is being taken: stays when the form is closed, and when the session ends. */
import { reactive } from 'vue';
import type { Position } from '../../shared/types.ts';

const KEPT_AS = 'centre.report';
export interface ReportDraft {
  category: string;
  description: string;
  position: Position | null;
}
export const emptyReport = (): ReportDraft => ({ category: '', description: '', position: null });

function kept(): ReportDraft {
  try {
    return { ...emptyReport(), ...(JSON.parse(sessionStorage.getItem(KEPT_AS) ?? '{}') as Partial<ReportDraft>) };
  } catch {
    return emptyReport();
  }
}

export const draft = reactive(kept());
export const hasReportDraft = () => draft.category !== '' || draft.description.trim() !== '';

addEventListener('pagehide', () => {
  try {
    if (hasReportDraft()) sessionStorage.setItem(KEPT_AS, JSON.stringify(draft));
    else sessionStorage.removeItem(KEPT_AS);
  } catch {
    // Storage full or off: the draft lives as long as the page.
  }
});
