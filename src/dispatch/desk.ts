/** The desk: every command goes through here. It knows the incident, lets the chain decide, and has the journal write. */
import type pg from 'pg';
import type { Reference } from '../grid/reference.ts';
import { Problem } from '../errors.ts';
import { hasAbility } from '../identity/abilities.ts';
import { ROLES, systemActor, type Actor, type Role } from '../identity/actor.ts';
import { maySee } from '../identity/scope.ts';
import { refused, type Answer } from './answer.ts';
import type { CommittedMove } from './chain/committed.ts';
import type { Command, ReportInput } from './chain/commands.ts';
import { decide } from './chain/decide.ts';
import { dueCommand } from './chain/due.ts';
import type { Facts } from './chain/decision.ts';
import { limitMs, type Rules } from './chain/levels.ts';
import type { Incident } from './chain/incident.ts';
import { allowedVerbs, placed } from './chain/permissions.ts';
import { DRILLERS, mayDrill } from './chain/drill.ts';
import { report } from './chain/report.ts';
import type { Situation } from './chain/run-cards.ts';
import { isEnd, type By } from './chain/states.ts';
import { findByKey, incidentAt } from './earlier.ts';
import { entryOf, type Entry } from './entry.ts';
import { AnswersByKey, digestOf, reportId, systemKey, type Written } from './idempotency.ts';
import type { Journal, Outcome } from './journal.ts';
import { KnownIncidents, type Known } from './known-incidents.ts';
import { NO_HASH } from './move-hash.ts';
import type { IncidentNumbers } from './numbers.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { newId } from './new-id.ts';
import { isSending, prepareSending, unitsIn } from './sending.ts';

/** Who may report. A grid worker may report anywhere in the district, not only in the own cell. */
const REPORTERS = ROLES.filter((role): role is Role & By => hasAbility(role, 'report'));
/** A phone's clock may be this wrong before what it says is refused. */
const FUTURE_TOLERANCE_MS = 10 * 60_000;
/** Some kilobytes each: more would not be answered before people give up. */
const MOST_UNDER_WAY = 10_000;
/** How often a command without an expected version is decided anew after a lost race. More means that something is wrong. */
const MOST_ATTEMPTS = 12;

export interface DeskDeps {
  readonly district: number;
  readonly pool: pg.Pool;
  readonly journal: Pick<Journal, 'submit'>;
  readonly numbers: IncidentNumbers;
  readonly clock: { now(): Date };
  readonly reference: () => Reference;
  readonly rules: () => Rules;
  /** Who is on duty, where the units are, and which rules of responsibility are open. */
  readonly situation: () => Omit<Situation, 'now'>;
  /** The account's place and role; null if there is none. */
  readonly findActor: (account: string) => Promise<Actor | null>;
  /** Most commands of people that wait for their answer, whatever for; past it they are refused with `busy`. */
  readonly mostUnderWay?: number;
  /** Binds uploaded photos to the incident; again for the same incident is no fault. @returns the ids that are not the actor's to use. */
  readonly claimPhotos: (ids: readonly string[], actor: Actor, incident: string) => Promise<readonly string[]>;
  /** As `claimPhotos`, for voice notes. */
  readonly claimVoices: (ids: readonly string[], actor: Actor, incident: string) => Promise<readonly string[]>;
}

interface Keyed {
  readonly actor: Actor;
  readonly key: string;
  readonly digest: string;
}

export class Desk {
  private readonly deps: DeskDeps;
  private readonly incidents: KnownIncidents;
  private readonly answers = new AnswersByKey<Answer>();
  private readonly turns = new OneAtATime();

  constructor(deps: DeskDeps) {
    this.deps = deps;
    this.incidents = new KnownIncidents(deps.pool, deps.district);
  }

  /**
   * 网格发现: makes an incident.
   *
   * @param key  the account's idempotency key, a UUID in lower case.
   * @throws Problem if it could not be written: the same key again is safe.
   */
  report(input: ReportInput, actor: Actor, key: string): Promise<Answer> {
    const keyed = { actor, key, digest: digestOf({ report: input }) };
    return this.oncePerKey(keyed, () => this.reportOnce(input, keyed));
  }

  /**
   * Moves an incident.
   *
   * @param expectedVersion  refuses with `version-conflict` if the incident is not at it; absent: decided on the newest.
   * @throws as `report`.
   */
  move(id: string, command: Command, actor: Actor, key: string, expectedVersion?: number): Promise<Answer> {
    const keyed = { actor, key, digest: digestOf({ command, expectedVersion, incident: id }) };
    return this.oncePerKey(keyed, () => this.turns.run(id, () => this.moveOnce(id, command, keyed, expectedVersion)));
  }

  /**
   * Does what the system has to do at the incident now, if anything is due: one command.
   *
   * @param seenVersion  a version that is known to exist: an older sight is not used.
   * @returns null if nothing was due.
   */
  due(id: string, seenVersion = 0): Promise<Answer | null> {
    return this.turns.run(id, async () => {
      this.incidents.outdate(id, seenVersion);
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        const known = attempt === 0 ? await this.known(id) : await this.incidents.read(id);
        const now = this.deps.clock.now();
        const command = known === null ? null : dueCommand(known.incident, now);
        if (known === null || command === null) return null;
        const answer = await this.decideAndWrite(known, ...this.asSystem(known, this.orRaise(known, command, now)), now);
        if (answer !== 'lost') return answer;
      }
      throw new Error(`${id} could not be moved by the system: it changed each time`);
    });
  }

  /**
   * Counts the clocks of an incident anew, after the working calendar was changed: one move if any time changes.
   *
   * @returns null if nothing changes: the same times, no such incident, or it has ended.
   */
  recount(id: string): Promise<Answer | null> {
    return this.turns.run(id, async () => {
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        const known = await this.incidents.read(id);
        if (known === null || isEnd(known.incident.state)) return null;
        const answer = await this.decideAndWrite(known, ...this.asSystem(known, { verb: 'comment', recount: true }), this.deps.clock.now());
        if (answer !== 'lost') return !answer.ok && answer.refusal.code === 'nothing-to-recount' ? null : answer;
      }
      throw new Error(`${id} could not be counted anew: it changed each time`);
    });
  }

  /** Reads incidents that will be needed at once, in one query. */
  prefetch(ids: readonly string[]): Promise<void> {
    return this.incidents.prefetch(ids);
  }

  /** Other nodes wrote these: what is remembered from before is forgotten. */
  noticed(moves: readonly Pick<CommittedMove, 'incident' | 'version'>[]): void {
    for (const { incident, version } of moves) this.incidents.outdate(incident, version);
  }

  /** The incident as it is; null if there is none or the actor may not see it. */
  async find(id: string, actor: Actor): Promise<Known['incident'] | null> {
    const known = await this.incidents.read(id);
    return known !== null && maySee(actor, placed(known.incident)) ? known.incident : null;
  }

  private oncePerKey(keyed: Keyed, work: () => Promise<Answer>): Promise<Answer> {
    const { actor, key, digest } = keyed;
    const before = this.answers.find(actor.account, key, digest);
    if (before !== null && !before.same) return Promise.resolve(refused({ code: 'idempotency-key-reused' }));
    const known = before?.answer;
    if (known !== undefined && 'then' in known) return known.then(repeated);
    if (this.answers.waiting >= (this.deps.mostUnderWay ?? MOST_UNDER_WAY)) {
      return Promise.reject(new Problem('busy', { headers: { 'Retry-After': '1' } }));
    }
    const first =
      known !== undefined
        ? () => this.again(known)
        : // A repeat that this node does not remember may be refused, for example because its own first move changed the state.
          () => work().then((answer) => (answer.ok ? answer : this.earlier(keyed).then((earlier) => earlier ?? answer)));
    return this.answers.run(actor.account, key, digest, first, placeOf);
  }

  /** The answer of before, as the log has it; null if the key is new. */
  private async earlier({ actor, key, digest }: Keyed): Promise<Answer | null> {
    const { pool, district } = this.deps;
    const before = await findByKey(pool, district, actor.account, key);
    if (before === null) return null;
    return before.digest === digest ? this.again(before) : refused({ code: 'idempotency-key-reused' });
  }

  private async again(before: Written): Promise<Answer> {
    const { incident, move } = await incidentAt(this.deps.pool, this.deps.district, before.incident, before.version);
    return { ok: true, incident, moves: [move], seq: move.seq, repeat: true };
  }

  private async reportOnce(input: ReportInput, keyed: Keyed): Promise<Answer> {
    const { deps } = this;
    const { actor, key } = keyed;
    if (!hasAbility(actor.role, 'report')) return refused({ code: 'not-yours', needs: REPORTERS });
    const now = deps.clock.now();
    const foundAt = input.foundAt === undefined ? now : new Date(input.foundAt);
    if (foundAt.getTime() > now.getTime() + FUTURE_TOLERANCE_MS) return refused({ code: 'found-in-future' });
    const reference = deps.reference();
    const category = reference.category(input.category);
    if (category === undefined) return refused({ code: 'unknown-category', category: input.category });
    const place = reference.place(input.position.lng, input.position.lat);
    if (place === null) return refused({ code: 'outside-district' });
    if (input.drill === true && !mayDrill(actor, place)) return refused({ code: 'not-yours', needs: DRILLERS });
    const id = reportId(actor.account, key, foundAt);
    const missing = await this.claim(evidenceOf(input), actor, id);
    if (missing !== null) return missing;
    const rules = deps.rules();
    const resolveMs = limitMs({ value: category.limitValue, unit: category.limitUnit }, rules.calendar);
    const { level, settleOnSpot, evidenceClose, nuisance, clock: resolveKind } = category;
    const { move, next } = report(input, actor, {
      now,
      rules,
      id,
      number: await deps.numbers.next(now),
      place,
      category: { code: category.code, rules: { level, settleOnSpot, evidenceClose, nuisance, resolveMs, resolveKind } },
    });
    const answer = await this.write(entryOf(move, next, NO_HASH, key, keyed.digest));
    if (answer === 'lost') throw new Error(`an incident ${id} exists already`);
    return answer;
  }

  private async moveOnce(id: string, command: Command, keyed: Keyed, expected?: number): Promise<Answer> {
    // What is remembered may be old: then a refusal by it proves nothing, and the incident is read before it is given.
    let known = this.incidents.remembered(id) ?? null;
    let fresh = known === null;
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      if (fresh) known = await this.incidents.read(id);
      const answer = known === null ? refused({ code: 'not-found' }) : await this.decideOn(known, command, keyed, expected);
      if (answer !== 'lost' && (answer.ok || fresh)) return answer;
      fresh = true;
    }
    // Everybody moves this one incident: whoever asks again gets through.
    throw new Problem('busy', { headers: { 'Retry-After': '1' } });
  }

  private decideOn(known: Known, command: Command, keyed: Keyed, expected?: number): Answer | Promise<Answer | 'lost'> {
    const { incident } = known;
    if (!maySee(keyed.actor, placed(incident))) return refused({ code: 'not-found' });
    if (expected !== undefined && expected !== incident.version) {
      return refused({ code: 'version-conflict', expected, actual: incident.version });
    }
    return this.decideAndWrite(known, command, keyed, this.deps.clock.now());
  }

  // No `async` on the usual way from here to the journal: each costs an object or two that live as long as the write (measured: a tenth of the desk's memory).
  private decideAndWrite(known: Known, command: Command, keyed: Keyed, now: Date): Answer | Promise<Answer | 'lost'> {
    const { incident } = known;
    // Who may not dispatch, or not now, is told that, and nothing of the run card.
    if (isSending(command) && allowedVerbs(incident, keyed.actor).includes(command.verb)) {
      const sending = prepareSending(incident, command, this.deps.reference(), { ...this.deps.situation(), now });
      return 'code' in sending ? refused(sending) : this.decideOnFacts(known, sending.command, keyed, now, sending.facts);
    }
    if (command.verb === 'assignCheck' && command.checker !== undefined) return this.decideCheck(known, command, keyed, now);
    if (command.verb === 'merge') {
      return this.find(command.into, keyed.actor).then((into) => this.decideOnFacts(known, command, keyed, now, { into }));
    }
    return this.decideOnFacts(known, command, keyed, now);
  }

  private async decideCheck(known: Known, command: Command & { verb: 'assignCheck' }, keyed: Keyed, now: Date): Promise<Answer | 'lost'> {
    const { checker } = command;
    if (checker !== undefined && !(await this.mayCheck(checker, known.incident))) return refused({ code: 'unknown-checker', checker });
    return this.decideOnFacts(known, command, keyed, now);
  }

  /** Decides with what the command names looked up, and has it written. @param named  what was looked up for this verb alone. */
  private decideOnFacts(
    { incident, hash }: Known,
    command: Command,
    { actor, key, digest }: Keyed,
    now: Date,
    named?: Pick<Facts, 'into' | 'card' | 'offDuty'>,
  ): Answer | Promise<Answer | 'lost'> {
    const { reference, rules } = this.deps;
    const facts: Facts = {
      now,
      rules: rules(),
      units: reference().units,
      newIds: newIds(command),
      ...named,
    };
    const decision = decide(incident, command, actor, facts);
    if (!decision.ok) return refused(decision.refusal);
    const write = () => this.write(entryOf(decision.move, decision.next, hash, key, digest));
    const evidence = evidenceOf(command);
    return evidence === NO_EVIDENCE ? write() : this.claim(evidence, actor, incident.id).then((missing) => missing ?? write());
  }

  /** @returns 'lost' if somebody else moved the incident first. */
  private write(entry: Entry): Promise<Answer | 'lost'> {
    return this.deps.journal.submit(entry).then(
      (outcome) => this.written(entry, outcome),
      (error: unknown) => {
        // Whether it was written is not known: the next command reads it.
        this.incidents.forget(entry.next.id);
        throw error;
      },
    );
  }

  private written({ move, next, hash, digest }: Entry, outcome: Outcome): Answer | 'lost' | Promise<Answer> {
    switch (outcome.kind) {
      case 'done':
        this.incidents.keep({ incident: next, hash });
        return { ok: true, incident: next, moves: [{ ...move, seq: outcome.seq, hash }], seq: outcome.seq, repeat: false };
      case 'repeat':
        this.incidents.forget(next.id);
        return outcome.digest === digest ? this.again(outcome) : refused({ code: 'idempotency-key-reused' });
      case 'conflict':
        return 'lost';
    }
  }

  private async claim({ photos, voices }: Evidence, actor: Actor, incident: string): Promise<Answer | null> {
    const noPhoto = photos.length === 0 ? photos : await this.deps.claimPhotos(photos, actor, incident);
    if (noPhoto.length > 0) return refused({ code: 'unknown-photo', photos: noPhoto });
    const noVoice = voices.length === 0 ? voices : await this.deps.claimVoices(voices, actor, incident);
    return noVoice.length === 0 ? null : refused({ code: 'unknown-voice', voices: noVoice });
  }

  /** A check is a grid worker's or a community's, of the place where the incident lies. */
  private async mayCheck(account: string, incident: Incident): Promise<boolean> {
    const checker = await this.deps.findActor(account);
    return checker !== null && (checker.role === 'gridWorker' || checker.role === 'community') && maySee(checker, placed(incident));
  }

  private async known(id: string): Promise<Known | null> {
    return this.incidents.remembered(id) ?? (await this.incidents.read(id));
  }

  /** Where no lead is found a person has to choose: the incident is raised instead, which also ends what runs by itself. */
  private orRaise({ incident }: Known, command: Command, now: Date): Command {
    if (!isSending(command)) return command;
    const sending = prepareSending(incident, command, this.deps.reference(), { ...this.deps.situation(), now });
    if (!('code' in sending)) return command;
    const why = sending.shortfalls.map(({ reason }) => `${reason.zh} (${reason.en})`).join('; ');
    return { verb: 'raise', reason: `响应预案派不出主办，请手工派遣。No lead by the run card, dispatch by hand. ${why}` };
  }

  private asSystem({ incident }: Known, command: Command): [Command, Keyed] {
    const { id, version } = incident;
    const digest = digestOf({ incident: id, version, verb: command.verb });
    return [command, { actor: systemActor(this.deps.district), key: systemKey(id, version, command.verb), digest }];
  }
}

/** An id for each assignment that the command makes. */
function newIds(command: Command): string[] {
  return isSending(command) ? unitsIn(command).map(() => newId()) : [];
}

interface Evidence {
  readonly photos: readonly string[];
  readonly voices: readonly string[];
}
const NONE: readonly string[] = [];
const NO_EVIDENCE: Evidence = { photos: NONE, voices: NONE };

/** All photos and voice notes that a report or a command names. */
function evidenceOf(named: object): Evidence {
  const {
    photos = NONE,
    before = NONE,
    after = NONE,
    voices = NONE,
  } = named as Partial<Record<'photos' | 'before' | 'after' | 'voices', readonly string[]>>;
  if (photos.length + before.length + after.length + voices.length === 0) return NO_EVIDENCE;
  return { photos: [...photos, ...before, ...after], voices };
}

const repeated = (answer: Answer): Answer => (answer.ok ? { ...answer, repeat: true } : answer);
const placeOf = (answer: Answer): Written | null => (answer.ok ? { incident: answer.incident.id, version: answer.incident.version } : null);
