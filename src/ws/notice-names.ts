/**
 * What a notice of 共建共治 is about, and which body it concerns, by name. An inbox keeps codes alone: the name is read where it is kept, so that
 * a title that was corrected is seen at once, and a person’s name is never among them. Pure: text of SQL over `notice n`.
 */

const row = (from: string, code: string, zh: string, en: string): string =>
  `(select json_build_object('zh', x.${zh}, 'en', coalesce(x.${en}, x.${zh})) from ${from} x where x.district = n.district and x.code = ${code})`;
const code = `n.about->>'code'`;
const committee = row('committee', code, 'name_zh', 'name_en');
const body = (member: string): string => row('member', member, 'org_zh', 'org_en');

/** By `about.kind`. Of a leader the community is all that is said. */
const BY_KIND: Readonly<Record<string, string>> = {
  need: row('need', code, 'title_zh', 'title_en'),
  activity: row('activity', code, 'title_zh', 'title_en'),
  // A task is named where one is meant, else the project.
  project: `coalesce(${row('project_task', `n.about->>'task'`, 'title_zh', 'title_en')}, ${row('project', code, 'title_zh', 'title_en')})`,
  resolution: row('resolution', code, 'text', 'text'),
  agreement: row('agreement', code, 'commitment_zh', 'commitment_en'),
  conference: `(select json_build_object('zh', x.name_zh, 'en', x.name_en) from conference k join committee x on x.district = k.district and x.code = k.committee
    where k.district = n.district and k.code = ${code})`,
  committee,
  member: body(code),
  appraisal: body(code),
  booking: row('shared_resource', `n.about->>'resource'`, 'name_zh', 'name_en'),
};

/** Columns `subject` and `body`: `{zh, en}`, or null where there is nothing to name. */
export const NAMES = `case n.about->>'kind' ${Object.entries(BY_KIND)
  .map(([kind, sql]) => `when '${kind}' then ${sql}`)
  .join(' ')} end as subject, ${body(`n.about->>'member'`)} as body`;
