/** What goes out to devices whose page is closed: the key of the service, who is to be reached where, and what was sent to whom with which outcome. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  await subscriptions(db);
  await outbound(db);
}

async function subscriptions(db: Kysely<never>): Promise<void> {
  // Made once: browsers bind a subscription to it, so another key would make every one of them useless.
  await sql`
    create table push_key (
      district    integer primary key,
      public_key  text not null,
      private_key text not null,
      made_at     timestamptz not null default app_now()
    )`.execute(db);
  // A session is a device: it has one subscription, and an endpoint belongs to the session that named it last. Ended ones stay until the device was told.
  await sql`
    create table push_subscription (
      district integer not null,
      id       uuid not null,
      session  uuid not null,
      account  text not null,
      places   text[] not null,
      endpoint text not null check (length(endpoint) <= 2048),
      p256dh   text not null,
      auth     text not null,
      contact  text not null,
      locale   text not null check (locale in ('zh-CN', 'en')),
      device   text not null,
      at       timestamptz not null default app_now(),
      ended_at timestamptz,
      primary key (district, id),
      constraint push_subscription_session unique (district, session),
      constraint push_subscription_endpoint unique (district, endpoint),
      foreign key (district, session) references session (district, id) on delete cascade
    );
    create index push_subscription_places on push_subscription using gin (places);
    create index push_subscription_ended on push_subscription (district, ended_at) where ended_at is not null`.execute(db);
}

async function outbound(db: Kysely<never>): Promise<void> {
  // One row for what is told to one target: a ring stays until it is over, and is said again and again; a notice once. No foreign keys: it is evidence, and outlives
  // its subscription. The target of a web push is the id of the subscription.
  await sql`
    create table outbound (
      district     integer not null,
      id           bigint generated always as identity,
      kind         text not null check (kind in ('webpush')),
      target       text not null,
      key          text not null,
      subject      text not null check (subject in ('ring', 'notice', 'test')),
      payload      json not null,
      recipient    text not null,
      seq          bigint,
      incident     uuid,
      assignment   uuid,
      account      text not null,
      session      text not null,
      device       text not null,
      queued_at    timestamptz not null,
      due_at       timestamptz not null,
      next_at      timestamptz,
      leased_until timestamptz,
      attempts     integer not null default 0,
      retry_at     timestamptz,
      showing      boolean not null default false,
      sends        integer not null default 0,
      sent_at      timestamptz,
      last_sent_at timestamptz,
      delivered_at timestamptz,
      shown_at     timestamptz,
      status       smallint,
      outcome      text check (outcome in ('sent', 'quieted', 'over', 'replaced', 'gone', 'signedOut', 'expired', 'refused', 'failed')),
      primary key (district, id),
      constraint outbound_once unique (district, kind, target, key),
      constraint outbound_open check ((next_at is null) = (outcome is not null)),
      constraint outbound_ring check (subject <> 'ring' or (seq is not null and incident is not null and assignment is not null))
    ) with (fillfactor = 70)`.execute(db);
  await sql`
    create index outbound_due on outbound (district, next_at) where next_at is not null;
    create index outbound_ringing on outbound (district, assignment) where next_at is not null;
    create index outbound_session on outbound (district, session) where next_at is not null;
    create index outbound_incident on outbound (district, incident);
    create index outbound_idle on outbound (district, queued_at) where outcome in ('over', 'replaced') and sends = 0`.execute(db);
}
