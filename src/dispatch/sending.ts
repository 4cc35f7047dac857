/** A command that sends units, made ready to be decided: units found by the run card, and what the log should say of why they were sent. */
import type { DeskRefusal } from './answer.ts';
import type { Command } from './chain/commands.ts';
import type { Facts } from './chain/decision.ts';
import type { Incident, SentBy } from './chain/incident.ts';
import {
  fillAlarm,
  fillRunCard,
  type Choice,
  type FilledCard,
  type FurtherAlarm,
  type RunCardBook,
  type Situation,
} from './chain/run-cards.ts';

export type SendingCommand = Extract<Command, { verb: 'dispatch' | 'addUnit' }>;
export type Unfilled = Extract<DeskRefusal, { code: 'run-card-unfilled' | 'alarm-unfilled' }>;

export interface Sending {
  readonly command: SendingCommand;
  readonly facts: Pick<Facts, 'card' | 'offDuty'>;
}

export function isSending(command: Command): command is SendingCommand {
  return command.verb === 'dispatch' || command.verb === 'addUnit';
}

/** @returns the command with its units; or why the card found nobody. Units that a person named are sent as they were shown. */
export function prepareSending(incident: Incident, asked: SendingCommand, book: RunCardBook, situation: Situation): Sending | Unfilled {
  const found = asked.runCard === true ? byCard(incident, asked, book, situation) : { command: asked };
  if ('code' in found) return found;
  const { command } = found;
  const units = unitsIn(command);
  const atMs = situation.now.getTime();
  const offDuty = units.filter((unit) => book.units.has(unit) && situation.duty.at(unit, atMs).state === 'off');
  const card = found.filled === undefined ? undefined : sentBy(found.filled, units);
  return { command, facts: { ...(card === undefined ? {} : { card }), offDuty } };
}

type ByCard = { readonly command: SendingCommand; readonly filled?: FilledCard | FurtherAlarm };

function byCard(incident: Incident, asked: SendingCommand, book: RunCardBook, situation: Situation): ByCard | Unfilled {
  return asked.verb === 'dispatch' ? firstAlarm(incident, asked, book, situation) : furtherAlarm(incident, asked, book, situation);
}

function firstAlarm(
  incident: Incident,
  asked: Extract<Command, { verb: 'dispatch' }>,
  book: RunCardBook,
  situation: Situation,
): ByCard | Unfilled {
  const filled = fillRunCard(incident, book, situation, { level: asked.level, ownership: asked.ownership });
  if (asked.lead !== undefined) return { command: asked, filled };
  const { lead, assisting, shortfalls } = filled;
  if (lead.chosen === null) return { code: 'run-card-unfilled', shortfalls };
  const named = (asked.assisting ?? []).filter(({ unit }) => unit !== lead.chosen);
  const found = chosenOf(assisting).filter((unit) => !named.some((a) => a.unit === unit));
  return { command: { ...asked, lead: { unit: lead.chosen }, assisting: [...named, ...found.map((unit) => ({ unit }))] }, filled };
}

function furtherAlarm(
  incident: Incident,
  asked: Extract<Command, { verb: 'addUnit' }>,
  book: RunCardBook,
  situation: Situation,
): ByCard | Unfilled {
  const filled = fillAlarm(incident, book, situation, incident.alarm + 1);
  if (asked.unit !== undefined || asked.assisting !== undefined) return { command: asked, filled };
  const found = chosenOf(filled.assisting);
  if (found.length === 0) return { code: 'alarm-unfilled', shortfalls: filled.shortfalls };
  return { command: { ...asked, assisting: found.map((unit) => ({ unit })) }, filled };
}

const chosenOf = (choices: readonly Choice[]) => choices.flatMap(({ chosen }) => (chosen === null ? [] : [chosen]));

/** Units that a command sends. */
export function unitsIn(command: SendingCommand): string[] {
  const assisting = (command.assisting ?? []).map((a) => a.unit);
  if (command.verb === 'addUnit') return command.unit === undefined ? assisting : [command.unit, ...assisting];
  return command.lead === undefined ? assisting : [command.lead.unit, ...assisting];
}

/** Only of the units that go: what a person chose otherwise has no reason by the card. */
function sentBy({ card, lead, assisting, shortfalls, rule }: FilledCard | FurtherAlarm, units: readonly string[]): SentBy {
  const choices = [...(lead === null ? [] : [lead]), ...assisting];
  const why = choices.flatMap(({ chosen, reason }) => (chosen !== null && units.includes(chosen) ? [[chosen, reason] as const] : []));
  return {
    code: card,
    why: Object.fromEntries(why),
    ...(shortfalls.length === 0 ? {} : { short: shortfalls }),
    ...(rule === null ? {} : { rule: rule.id }),
  };
}
