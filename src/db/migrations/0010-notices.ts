/** Notices: what each place was told, exactly once, and on which device it arrived. Rings: how often, and why a device fell silent. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  await notices(db);
  await noticeWrite(db);
  await rings(db);
}

async function notices(db: Kysely<never>): Promise<void> {
  // Up to where the log has been looked through for what it tells. One row a district; its lock lets one node write at a time.
  await sql`
    create table notice_cursor (
      district integer primary key,
      seq      bigint not null check (seq >= 0)
    ) with (fillfactor = 10)`.execute(db);
  // What was logged before tells nobody: it has no recipients.
  await sql`insert into notice_cursor (district, seq) select district, head from feed`.execute(db);

  // No CHECK on the words: one that the service does not know must not hold up all that come after it.
  await sql`
    create table notice (
      district             integer not null,
      seq                  bigint not null,
      recipient            text not null,
      incident             uuid,
      notice               text not null,
      level                smallint,
      about                json,
      key                  text,
      at                   timestamptz not null,
      settled_at           timestamptz,
      acknowledged_at      timestamptz,
      acknowledged_by      text,
      acknowledged_session text,
      primary key (district, seq, recipient),
      constraint notice_of_log check ((seq > 0) = (incident is not null) and (seq > 0) = (key is null))
    ) with (fillfactor = 80)`.execute(db);
  await sql`
    create unique index notice_key on notice (district, key, recipient) where key is not null;
    create index notice_inbox on notice (district, recipient, at desc, seq desc);
    create index notice_open on notice (district, recipient) where acknowledged_at is null and settled_at is null;
    create index notice_incident on notice (district, incident)`.execute(db);
  // Downwards from -1: what is in no log row never has the seq of one that is.
  await sql`create sequence notice_seq increment by -1 maxvalue -1 start with -1`.execute(db);

  await sql`
    create table notice_push (
      district     integer not null,
      seq          bigint not null,
      session      text not null,
      recipient    text not null,
      account      text not null,
      device       text not null,
      sent_at      timestamptz not null,
      delivered_at timestamptz,
      shown_at     timestamptz,
      primary key (district, seq, session)
    ) with (fillfactor = 80)`.execute(db);
}

/**
 * Writes what a run of the log tells, and moves the cursor past it, in one go: after a crash either both are there or none.
 *
 * A function, because each of its statements gets a new snapshot, taken under the cursor's lock: what another node wrote a moment before is seen, and settled too.
 */
async function noticeWrite(db: Kysely<never>): Promise<void> {
  await sql`
    create function notice_write(
      p_district integer, p_from bigint /* the caller knows every move after this one */, p_to bigint /* up to this one */,
      p_seq bigint[], p_recipient text[], p_incident uuid[], p_notice text[], p_level smallint[], p_at timestamptz[],
      -- Incidents whose state changed: what asked for the step that is done needs no answer any more; nor does anything once the incident has ended.
      p_changed uuid[], p_changed_seq bigint[], p_changed_at timestamptz[], p_ended boolean[], p_step text[] /* words that ask for a step */
    ) returns bigint /* where the cursor stood; null: another node is writing */
    language plpgsql volatile as $$
    declare here bigint;
    begin
      -- Nobody waits for these rows, and what a crash takes is read from the log again: rows and cursor go together.
      perform set_config('synchronous_commit', 'off', true);
      select c.seq into here from public.notice_cursor c where c.district = p_district for update skip locked;
      if here is null or here < p_from or here >= p_to then return here; end if;
      insert into public.notice (district, seq, recipient, incident, notice, level, at)
        select p_district, t.* from unnest(p_seq, p_recipient, p_incident, p_notice, p_level, p_at) t (seq, recipient, incident, notice, level, at)
        where t.seq > here
        on conflict (district, seq, recipient) do nothing;
      update public.notice n set settled_at = c.at
        from unnest(p_changed, p_changed_seq, p_changed_at, p_ended) c (incident, seq, at, ended)
        where n.district = p_district and n.incident = c.incident and n.seq < c.seq and n.settled_at is null and n.acknowledged_at is null
          and (c.ended or n.notice = any(p_step));
      update public.notice_cursor c set seq = p_to where c.district = p_district;
      return here;
    end $$`.execute(db);
}

async function rings(db: Kysely<never>): Promise<void> {
  await sql`
    alter table push
      add column rings        integer not null default 1 check (rings > 0),
      add column last_sent_at timestamptz,
      add column stopped_at   timestamptz,
      add column stop         text check (stop in ('signedOut', 'shiftOver')),
      add constraint push_stop check ((stop is null) = (stopped_at is null));
    create index push_session on push (district, session)`.execute(db);
  // How often an unanswered ring sounds again. R1 as the chain's rules have it; the others are ours: a fifth to a third of the time to acknowledge, often enough to
  // be heard in time by a crew that was away from the device, seldom enough that a crew at work on another incident does not learn to switch it off.
  await sql`
    alter table level_rule add column ring_every_s integer not null default 1800 check (ring_every_s between 30 and 86400);
    update level_rule set ring_every_s = case level when 'R1' then 60 when 'R2' then 120 when 'R3' then 600 else 1800 end`.execute(db);
}
