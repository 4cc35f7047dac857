/** 权责: rules that people accepted, and rules that equal rulings propose. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table responsibility (
      district    integer not null references district,
      id          uuid not null,
      match       text not null check (match in ('row', 'category', 'class')),
      target      text not null,
      ownership   text check (ownership in ('municipal', 'utility', 'property', 'village', 'private', 'unknown')),
      area        text not null check (area ~ '^([0-9]{6}|[0-9]{9}|[0-9]{12})$'),
      unit        text not null,
      source      text not null,
      accepted_by text not null,
      since       timestamptz not null,
      ended_at    timestamptz,
      ended_by    text,
      end_reason  text,
      primary key (district, id),
      foreign key (district, unit) references unit (district, code),
      check ((ended_at is null) = (ended_by is null))
    )`.execute(db);
  // One answer to one question: another unit for the same key needs the old rule ended first.
  await sql`
    create unique index responsibility_open on responsibility (district, area, match, target, coalesce(ownership, '*'))
      where ended_at is null`.execute(db);
  // Three equal rulings make one proposal, however many nodes find them: nth counts the threes of one unit for one category and community.
  await sql`
    create table responsibility_proposal (
      district    integer not null references district,
      id          uuid not null,
      category    text not null,
      community   text not null,
      unit        text not null,
      nth         integer not null check (nth > 0),
      ownership   text check (ownership in ('municipal', 'utility', 'property', 'village', 'private', 'unknown')),
      incidents   uuid[] not null check (cardinality(incidents) = 3),
      at          timestamptz not null,
      answer      text check (answer in ('accepted', 'refused')),
      answered_at timestamptz,
      answered_by text,
      reason      text,
      rule        uuid,
      primary key (district, id),
      constraint responsibility_proposal_once unique (district, category, community, unit, nth),
      foreign key (district, rule) references responsibility (district, id),
      check ((answer is null) = (answered_at is null) and (answer is null) = (answered_by is null)),
      check ((answer = 'accepted') = (rule is not null) or answer is null)
    )`.execute(db);
  // Rulings are rare, the log is not: this index holds hardly anything.
  await sql`create index move_ruling on move (district, seq) where verb = 'arbitrate'`.execute(db);
}
