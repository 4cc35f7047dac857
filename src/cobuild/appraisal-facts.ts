/** The facts beside a score, from the logs: claims kept, response at incidents, hours given; and what the committee did for its members. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { startOfDay } from '../china-time.ts';
import { dayIndex, quarterSpan, type Quarter } from './chain/days.ts';

/** Of a member unit in a quarter. */
export interface UnitFacts {
  /** Claims whose last day lies in the quarter and has come. */
  readonly claimsDue: number;
  /** Of them delivered by their last day. */
  readonly claimsKept: number;
  readonly confirmed: number;
  readonly givenBack: number;
  readonly lapsed: number;
  /** Mean of what publishers gave with their confirmations, 1 to 5; null: none did. */
  readonly score: number | null;
  /** Times that it was sent to an incident: as the unit that it also is, and as what it lent. */
  readonly sent: number;
  /** Of them acknowledged in time: at first, whether or not the arrival then ran out. */
  readonly inTime: number;
  readonly declined: number;
  /** Hours of resources lent and of people at activities. */
  readonly hours: number;
  readonly tasksConfirmed: number;
}

/** Of the committee towards its members in a quarter. */
export interface CommitteeFacts {
  readonly needs: number;
  readonly fulfilled: number;
  readonly confirmations: number;
  /** Median days from a delivery to its confirmation; null: there was none. */
  readonly daysToConfirm: number | null;
  /** Delivered and not looked at for more than five days. */
  readonly waiting: number;
  readonly activities: number;
}

/** Start and end of a quarter as instants, in China's time. */
export function quarterInstants(quarter: Quarter): { readonly from: Date; readonly until: Date } {
  const { first, last } = quarterSpan(quarter);
  return { from: new Date(startOfDay(dayIndex(first))), until: new Date(startOfDay(dayIndex(last) + 1)) };
}

/** @param members  codes; the answer has each. @param today  China's day: a claim whose last day is to come is not judged yet. */
export async function unitFacts(
  db: Kysely<Schema>,
  district: number,
  members: readonly string[],
  quarter: Quarter,
  today: string,
): Promise<ReadonlyMap<string, UnitFacts>> {
  const { first, last } = quarterSpan(quarter);
  const { from, until } = quarterInstants(quarter);
  const { rows } = await sql<UnitFacts & { member: string }>`
    with asked as (
      select m.code as member, m.unit from member m where m.district = ${district} and m.code = any(${[...members]}::text[])
    ), claims as (
      select c.member,
        count(*) filter (where c.due <= ${today}::date and c.state <> 'released')::int as due,
        count(*) filter (where c.due <= ${today}::date and c.state in ('delivered', 'confirmed')
          and (c.delivered_at at time zone 'Asia/Shanghai')::date <= c.due)::int as kept,
        count(*) filter (where c.state = 'confirmed')::int as confirmed,
        count(*) filter (where c.state = 'givenBack')::int as given_back,
        count(*) filter (where c.state = 'lapsed')::int as lapsed,
        round(avg(c.score), 1)::float8 as score
      from claim c where c.district = ${district} and c.member = any(${[...members]}::text[]) and c.due between ${first}::date and ${last}::date
      group by c.member
    ), codes as (
      -- A body answers for its own unit, for itself and for what it lends.
      select member, unit as code from asked where unit is not null
      union select member, member from asked
      union select r.member, r.code from shared_resource r join asked a on a.member = r.member where r.district = ${district}
    ), sent as (
      select k.member, count(*)::int as sent,
        count(*) filter (where t.in_time)::int as in_time,
        count(*) filter (where a ->> 'state' = 'declined')::int as declined
      from incident i
        cross join lateral json_array_elements(i.doc -> 'assignments') a
        join codes k on k.code = a ->> 'unit'
        left join lateral (
          -- The first acknowledgement against the time that the change before it gave: a change of level or calendar moves that.
          select c.at <= c.until as in_time from (
            select m.at, m.version, changed ->> 'state' as state, lag((changed ->> 'until')::timestamptz) over (order by m.version) as until
            from move m cross join lateral json_array_elements(m.payload -> 'changed') changed
            where m.district = i.district and m.incident = i.id and changed ->> 'id' = a ->> 'id') c
          where c.state = 'acknowledged' order by c.version limit 1) t on true
      -- Only what went on in the quarter: everything else would be unpacked for nothing.
      where i.district = ${district} and i.reported_at < ${until}::timestamptz and (i.ended_at is null or i.ended_at >= ${from}::timestamptz)
        and not i.drill and i.units && (select array_agg(code) from codes)
        and (a ->> 'assignedAt')::timestamptz >= ${from}::timestamptz and (a ->> 'assignedAt')::timestamptz < ${until}::timestamptz
      group by k.member
    ), lent as (
      select r.member, sum(extract(epoch from least(upper(b.during), coalesce(b.ended_at, upper(b.during))) - lower(b.during)) / 3600
          * case when r.kind = 'people' then b.quantity else 1 end) as hours
      from booking b join shared_resource r on r.district = b.district and r.code = b.resource
      where b.district = ${district} and b.state = 'done' and r.member = any(${[...members]}::text[])
        and lower(b.during) >= ${from}::timestamptz and lower(b.during) < ${until}::timestamptz
      group by r.member
    ), came as (
      select s.member, sum(s.came * extract(epoch from a.ends_at - a.starts_at) / 3600) as hours
      from activity_sign_up s join activity a on a.district = s.district and a.code = s.activity
      where s.district = ${district} and a.state = 'held' and s.came is not null and s.member = any(${[...members]}::text[])
        and a.starts_at >= ${from}::timestamptz and a.starts_at < ${until}::timestamptz
      group by s.member
    ), tasks as (
      select t.member, count(*)::int as confirmed from project_task t
      where t.district = ${district} and t.state = 'confirmed' and t.member = any(${[...members]}::text[])
        and t.due between ${first}::date and ${last}::date
      group by t.member
    )
    select a.member, coalesce(c.due, 0) as "claimsDue", coalesce(c.kept, 0) as "claimsKept", coalesce(c.confirmed, 0) as confirmed,
      coalesce(c.given_back, 0) as "givenBack", coalesce(c.lapsed, 0) as lapsed, c.score, coalesce(s.sent, 0) as sent,
      coalesce(s.in_time, 0) as "inTime", coalesce(s.declined, 0) as declined,
      round(greatest(0, coalesce(l.hours, 0)) + coalesce(v.hours, 0), 1)::float8 as hours, coalesce(t.confirmed, 0) as "tasksConfirmed"
    from asked a left join claims c using (member) left join sent s using (member) left join lent l using (member)
      left join came v using (member) left join tasks t using (member)`.execute(db);
  return new Map(rows.map(({ member, ...facts }) => [member, facts]));
}

export async function committeeFacts(
  db: Kysely<Schema>,
  district: number,
  committee: string,
  quarter: Quarter,
  now: Date,
): Promise<CommitteeFacts> {
  const { first, last } = quarterSpan(quarter);
  const { from, until } = quarterInstants(quarter);
  const { rows } = await sql<CommitteeFacts>`
    with mine as (select code, state, published_on from need where district = ${district} and committee = ${committee}),
    given as (
      select c.* from claim c join mine m on m.code = c.need where c.district = ${district}
    )
    select
      (select count(*)::int from mine where published_on between ${first}::date and ${last}::date) as needs,
      (select count(*)::int from mine where state = 'fulfilled' and published_on between ${first}::date and ${last}::date) as fulfilled,
      (select count(*)::int from given where confirmed_at >= ${from}::timestamptz and confirmed_at < ${until}::timestamptz) as confirmations,
      (select round((percentile_cont(0.5) within group (order by extract(epoch from confirmed_at - delivered_at)) / 86400)::numeric, 1)::float8
        from given where confirmed_at >= ${from}::timestamptz and confirmed_at < ${until}::timestamptz) as "daysToConfirm",
      (select count(*)::int from given where state = 'delivered' and delivered_at < ${now}::timestamptz - interval '5 days') as waiting,
      (select count(*)::int from activity where district = ${district} and committee = ${committee} and state = 'held'
        and starts_at >= ${from}::timestamptz and starts_at < ${until}::timestamptz) as activities`.execute(db);
  return rows[0]!;
}
