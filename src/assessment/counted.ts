/** What counts at all. Said once: every figure, list and export goes through it. */
import { sql, type RawBuilder, type SqlBool } from 'kysely';

/** Of the table `incident`. A duplicate is counted with the incident that it went into; what was withdrawn or aborted was none. */
export const COUNTED: RawBuilder<SqlBool> = sql<SqlBool>`(not incident.drill and incident.state not in ('merged', 'cancelled'))`;

/** Ways in which a clock ends without an answer of the one who had it: if it ends so in time, it says nothing about that one. */
export const WITHDRAWN_BY = ['recall', 'abort', 'merge', 'withdraw', 'forceClose', 'refer'] as const;
