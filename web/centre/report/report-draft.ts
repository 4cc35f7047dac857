/** The report that is being taken: stays when the form is closed, and when the session ends. */
import { reactive } from 'vue';
import { serverNow } from '../../shared/server-time.ts';
import { keepTyped } from '../../shared/typed.ts';
import type { Position } from '../../shared/types.ts';

export interface ReportDraft {
  category: string;
  description: string;
  position: Position | null;
  /** When its form was left, ISO; null: not since it was begun. */
  leftAt: string | null;
}
export const emptyReport = (): ReportDraft => ({ category: '', description: '', position: null, leftAt: null });

export const draft = reactive(emptyReport());
export const hasReportDraft = () => draft.category !== '' || draft.description.trim() !== '';
keepTyped<Partial<ReportDraft>>(
  'centre.report',
  (kept) => Object.assign(draft, emptyReport(), kept),
  () => (hasReportDraft() ? { ...draft, leftAt: draft.leftAt ?? serverNow().toISOString() } : null),
);
