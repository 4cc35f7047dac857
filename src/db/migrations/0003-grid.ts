/** Places, units, categories and calendars. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table district (
      district integer primary key,
      name_zh  text not null,
      name_en  text not null,
      geometry json not null
    )`.execute(db);
  await sql`
    create table subdistrict (
      district integer not null references district,
      code     text not null check (code ~ '^[0-9]{9}$'),
      kind     text not null check (kind in ('subdistrict', 'town')),
      name_zh  text not null,
      name_en  text not null,
      geometry json not null,
      primary key (district, code)
    )`.execute(db);
  await sql`
    create table community (
      district    integer not null,
      code        text not null check (code ~ '^[0-9]{12}$'),
      subdistrict text not null,
      kind        text not null check (kind in ('neighbourhood', 'village')),
      name_zh     text not null,
      name_en     text,
      geometry    json not null,
      primary key (district, code),
      foreign key (district, subdistrict) references subdistrict (district, code),
      check (left(code, 9) = subdistrict)
    )`.execute(db);
  await sql`
    create table cell (
      district   integer not null,
      code       text not null check (code ~ '^[0-9]{15}$'),
      community  text not null,
      name_zh    text not null,
      name_en    text,
      households integer not null default 0 check (households >= 0),
      geometry   json not null,
      primary key (district, code),
      foreign key (district, community) references community (district, code),
      check (left(code, 12) = community)
    )`.execute(db);
  await sql`
    create table unit_type (
      district integer not null references district,
      code     text not null,
      name_zh  text not null,
      name_en  text not null,
      duty_zh  text not null,
      duty_en  text not null,
      may_lead boolean not null,
      primary key (district, code)
    )`.execute(db);
  await sql`
    create table shift_pattern (
      district     integer not null references district,
      code         text not null,
      name_zh      text not null,
      name_en      text not null,
      spans        text[] not null,
      days         text not null check (days in ('daily', 'workdays')),
      off_shift_zh text not null,
      off_shift_en text not null,
      primary key (district, code)
    )`.execute(db);
  await sql`
    create table unit (
      district      integer not null,
      code          text not null,
      name_zh       text not null,
      name_en       text not null,
      type          text not null,
      subdistrict   text not null,
      community     text not null,
      lng           double precision not null,
      lat           double precision not null,
      scope_kind    text not null check (scope_kind in ('area', 'district')),
      scope         text[] not null,
      shift_pattern text not null,
      crews         integer not null check (crews > 0),
      stand_in_unit text not null,
      stand_in_duty text not null check (stand_in_duty in ('full', 'secure-only')),
      primary key (district, code),
      foreign key (district, type) references unit_type (district, code),
      foreign key (district, subdistrict) references subdistrict (district, code),
      foreign key (district, community) references community (district, code),
      foreign key (district, shift_pattern) references shift_pattern (district, code),
      -- Two units may stand in for each other, and a file names them in any order.
      foreign key (district, stand_in_unit) references unit (district, code) deferrable initially deferred
    )`.execute(db);
  await sql`
    create table category (
      district       integer not null,
      code           text not null,
      kind           text not null check (kind in ('component', 'event', 'security', 'livelihood')),
      class_code     text not null,
      class_zh       text not null,
      class_en       text not null,
      category       text not null,
      category_code  text not null,
      name_zh        text not null,
      name_en        text not null,
      condition_code text not null,
      open_zh        text not null,
      open_en        text not null,
      close_zh       text not null,
      close_en       text not null,
      limit_value    integer not null check (limit_value > 0),
      limit_unit     text not null check (limit_unit in ('minutes', 'hours', 'workdays')),
      clock          text not null check (clock in ('working', 'continuous')),
      danger         boolean not null,
      nuisance       boolean not null,
      level          text not null check (level in ('R1', 'R2', 'R3', 'R4')),
      lead_type      text not null,
      assist_types   text[] not null,
      settle_on_spot boolean not null,
      evidence_close boolean not null,
      keywords       text[] not null,
      origin         text not null check (origin in ('standard', 'local')),
      primary key (district, code),
      foreign key (district, lead_type) references unit_type (district, code)
    )`.execute(db);
  await sql`
    create table run_card (
      district         integer not null references district,
      code             text not null,
      match            text not null check (match in ('row', 'category', 'class')),
      target           text not null,
      level            text not null check (level in ('R1', 'R2', 'R3', 'R4')),
      lead_type        text not null,
      lead_count       integer not null check (lead_count = 1),
      assisting        text[] not null,
      radius_km        double precision not null check (radius_km > 0),
      subdistrict_told boolean not null,
      district_told    boolean not null,
      leader_told      boolean not null,
      name_zh          text not null,
      name_en          text not null,
      primary key (district, code),
      unique (district, match, target, level)
    )`.execute(db);
  await sql`
    create table calendar_day (
      district  integer not null references district,
      day       date not null,
      kind      text not null check (kind in ('workday', 'weekend', 'holiday', 'makeup_workday')),
      working   boolean not null,
      statutory boolean not null,
      label_zh  text not null,
      label_en  text not null,
      status    text not null check (status in ('announced', 'provisional')),
      primary key (district, day)
    )`.execute(db);
  await sql`
    create table working_hours (
      district integer not null references district,
      code     text not null,
      opens    text not null check (opens ~ '^[0-2][0-9]:[0-5][0-9]$'),
      closes   text not null check (closes ~ '^[0-2][0-9]:[0-5][0-9]$' and closes > opens),
      label_zh text not null,
      label_en text not null,
      primary key (district, code)
    )`.execute(db);
  await sql`
    create table leader (
      district    integer not null,
      code        text not null,
      person_zh   text not null,
      person_en   text not null,
      post_zh     text not null,
      post_en     text not null,
      subdistrict text not null,
      communities text[] not null,
      primary key (district, code),
      foreign key (district, subdistrict) references subdistrict (district, code)
    )`.execute(db);
  await sql`
    create table committee (
      district integer not null references district,
      code     text not null,
      tier     text not null check (tier in ('subdistrict', 'community')),
      place    text not null,
      name_zh  text not null,
      name_en  text not null,
      primary key (district, code)
    )`.execute(db);
  await sql`
    create table member (
      district  integer not null,
      code      text not null,
      committee text not null,
      org_zh    text not null,
      org_en    text not null,
      person_zh text not null,
      person_en text not null,
      post_zh   text not null,
      post_en   text not null,
      unit      text,
      primary key (district, code),
      foreign key (district, committee) references committee (district, code),
      foreign key (district, unit) references unit (district, code) deferrable initially deferred
    )`.execute(db);
}
