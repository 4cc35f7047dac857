/**
 * The way to a figure that a table gives only as its end: reports made up for the demo world. Pure, and the same for the same row.
 *
 * The seed has one figure a task. A wall without a curve shows nothing, so the way there is invented: some six reports, spread over the days
 * up to today, rising to exactly the figure. Their note says that they are a demonstration.
 */
import { addDays, daysBetween } from './days.ts';

const MOST_REPORTS = 6;
export const INVENTED_NOTE = '演示进度，由期末数推出 Demo progress, worked out from the last figure';

export interface InventedReport {
  readonly day: string;
  readonly done: number;
}

/** @param today  no report lies after it; the last one has exactly `done`. */
export function inventedReports(
  task: { readonly code: string; readonly starts: string; readonly ends: string; readonly target: number; readonly done: number },
  today: string,
): InventedReport[] {
  const last = task.ends < today ? task.ends : today;
  const days = daysBetween(task.starts, last);
  if (task.done === 0 || days < 0) return [];
  const shape = shapeOf(task.code);
  // What is full was full a little before the end: not everybody needs the last day.
  const until = task.done >= task.target ? Math.max(0, days - Math.round(shape.slack * days)) : days;
  const count = Math.max(1, Math.min(MOST_REPORTS, task.done, until + 1));
  const reports: InventedReport[] = [];
  for (let k = 1; k <= count; k++) {
    const done = Math.round(task.done * (k / count) ** shape.power);
    const day = addDays(task.starts, Math.round((until * k) / count));
    if (done > (reports.at(-1)?.done ?? 0)) reports.push({ day, done });
  }
  return reports;
}

/** Early or late work, by the code alone: no two neighbours on the wall look alike, and each looks the same tomorrow. */
function shapeOf(code: string): { readonly power: number; readonly slack: number } {
  let sum = 0;
  for (const char of code) sum = (sum * 31 + char.codePointAt(0)!) % 997;
  return { power: 0.7 + (sum % 8) / 10, slack: (sum % 5) / 20 };
}
