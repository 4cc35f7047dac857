/** Residents without an account may be let sign up to activities; answers of 共建共治 to keys are found by their age, so that old ones go. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  // Names and phones are taken: off until somebody who answers for it turns it on.
  await sql`alter table resident_setting add column may_join boolean not null default false`.execute(db);
  // Those that still have to tell somebody stay.
  await sql`create index cobuild_answer_old on cobuild_answer (district, at) where tells is null`.execute(db);
}
