/** 网格发现: the first move of an incident. */
import { distanceM } from '../../grid/nearest.ts';
import type { Actor } from '../../identity/actor.ts';
import type { ReportInput } from './commands.ts';
import { applyMove } from './fold.ts';
import type { CategoryRules, Incident, Measured, Move } from './incident.ts';
import { graver, type Rules } from './levels.ts';
import { stepClock, totalClock } from './step-clocks.ts';

/** What the desk looked up for a report. */
export interface ReportFacts {
  readonly now: Date;
  readonly rules: Rules;
  readonly id: string;
  readonly number: string;
  readonly place: { readonly cell: string; readonly community: string; readonly subdistrict: string };
  readonly category: { readonly code: string; readonly rules: CategoryRules };
}

/** The report as a move. The reporter's own level counts only where it is graver than the category's: lowering needs a reason, by `regrade`. */
export function report(input: ReportInput, actor: Actor, facts: ReportFacts): { readonly move: Move; readonly next: Incident } {
  const { now, rules, category } = facts;
  const measured = measuredOf(input);
  const level = input.level === undefined ? category.rules.level : graver(input.level, category.rules.level);
  const move: Move = {
    incident: facts.id,
    version: 1,
    verb: 'report',
    from: 'none',
    to: 'reported',
    actor: actor.account,
    at: now.toISOString(),
    payload: {
      reported: {
        number: facts.number,
        district: actor.district,
        category: category.code,
        categoryRules: category.rules,
        description: input.description,
        position: input.position,
        ...facts.place,
        foundAt: input.foundAt === undefined ? now.toISOString() : new Date(input.foundAt).toISOString(),
        automatic: level === 'R1',
        ...(input.drill === true ? { drill: true as const } : {}),
        ...(measured === null ? {} : { measured }),
      },
      level,
      step: stepClock(rules, 'reported', level, category.rules, now),
      total: totalClock(rules, level, category.rules, now.getTime()),
      ...(input.ownership === undefined ? {} : { ownership: input.ownership }),
      ...(input.photos === undefined || input.photos.length === 0 ? {} : { photos: input.photos }),
      ...(input.voices === undefined || input.voices.length === 0 ? {} : { voices: input.voices }),
    },
  };
  return { move, next: applyMove(null, move) };
}

/** A position with an accuracy is a measured one by itself. */
function measuredOf({ position, measured }: ReportInput): Measured | null {
  if (measured === undefined || position.accuracyM !== undefined) return null;
  return { distanceM: Math.round(distanceM(measured, position)), accuracyM: Math.round(measured.accuracyM) };
}
