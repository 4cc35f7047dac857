/**
 * 演练: a mark of an incident, set by its report and never changed, and the verb that ends one. Figures, exports and what is learnt from the log ask
 * for `not drill`.
 */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await column(db);
  await chain(db);
}

/**
 * As the place: made from the document by the trigger on the insert, so that a move's update touches neither column nor index and stays HOT.
 * Only drills are in the index, so it costs a report in earnest nothing.
 */
async function column(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table incident add column drill boolean not null default false;
    create or replace function incident_place() returns trigger language plpgsql as $$
    declare position json := new.doc -> 'position';
    begin
      new.lng := position ->> 'lng';
      new.lat := position ->> 'lat';
      new.drill := coalesce((new.doc ->> 'drill')::boolean, false);
      return new;
    end $$;
    create index incident_drill on incident (district, reported_at desc, id desc) where drill`.execute(db);
}

/** The chain's table of moves with `endDrill`; a spec compares the two. */
async function chain(db: Kysely<unknown>): Promise<void> {
  await sql`
    create or replace function in_chain(from_state text, verb text, to_state text) returns boolean
    language plpgsql immutable parallel safe as $body$
    begin
      return (from_state || ' ' || verb || ' ' || to_state) = any ('{
        none report reported, reported call called, reported requestVerification verifying, reported settleOnSpot disposed,
        reported reject rejected, reported withdraw cancelled, reported merge merged, verifying answerVerification reported,
        called accept coordinating, called returnCall reported, called raise called, called merge merged, called refer referred,
        coordinating dispatch dispatched, coordinating reject rejected, coordinating returnCall reported, coordinating merge merged,
        coordinating refer referred, coordinating raise coordinating, dispatched recall coordinating, dispatched abort cancelled,
        responding recall coordinating, responding abort cancelled, handling recall coordinating, handling suspend suspended,
        handling abort cancelled, suspended resume handling, disposed assignCheck checking, disposed acceptEvidence closed,
        checking confirmClose closed, checking failCheck handling, checking failSpotCheck reported, closed reopen coordinating,
        rejected appeal called, merged unmerge reported, referred returnReferral coordinating, coordinating forceClose closed,
        dispatched forceClose closed, handling forceClose closed, suspended forceClose closed, reported endDrill cancelled,
        verifying endDrill cancelled, called endDrill cancelled, coordinating endDrill cancelled, dispatched endDrill cancelled,
        responding endDrill cancelled, handling endDrill cancelled, suspended endDrill cancelled, disposed endDrill cancelled,
        checking endDrill cancelled, coordinating forceClose coordinating, dispatched forceClose dispatched,
        handling forceClose handling, suspended forceClose suspended, called extend called, coordinating extend coordinating,
        dispatched extend dispatched, responding extend responding, handling extend handling, reported urge reported,
        verifying urge verifying, called urge called, coordinating urge coordinating, dispatched urge dispatched,
        responding urge responding, handling urge handling, suspended urge suspended, disposed urge disposed, checking urge checking,
        reported supervise reported, verifying supervise verifying, called supervise called, coordinating supervise coordinating,
        dispatched supervise dispatched, responding supervise responding, handling supervise handling, suspended supervise suspended,
        disposed supervise disposed, checking supervise checking, reported regrade reported, verifying regrade verifying,
        called regrade called, coordinating regrade coordinating, dispatched regrade dispatched, responding regrade responding,
        handling regrade handling, dispatched addUnit dispatched, responding addUnit responding, handling addUnit handling,
        reported comment reported, verifying comment verifying, called comment called, coordinating comment coordinating,
        dispatched comment dispatched, responding comment responding, handling comment handling, suspended comment suspended,
        disposed comment disposed, checking comment checking, reported attach reported, verifying attach verifying,
        called attach called, coordinating attach coordinating, dispatched attach dispatched, responding attach responding,
        handling attach handling, suspended attach suspended, disposed attach disposed, checking attach checking,
        coordinating arbitrate coordinating, dispatched acknowledge dispatched, responding acknowledge responding,
        handling acknowledge handling, dispatched decline dispatched, responding decline responding, handling decline handling,
        dispatched release dispatched, responding release responding, handling release handling, dispatched depart dispatched,
        responding depart responding, handling depart handling, dispatched arrive dispatched, responding arrive responding,
        handling arrive handling, dispatched lapse dispatched, responding lapse responding, dispatched finish dispatched,
        responding finish responding, handling finish handling, dispatched acknowledge responding, responding arrive handling,
        responding finish handling, responding finish disposed, handling finish disposed, dispatched decline coordinating,
        responding decline coordinating, handling decline disposed, handling release disposed, responding lapse dispatched
      }'::text[]);
    end $body$`.execute(db);
}
