/** Reporting without an account, over HTTP: what may be chosen, where a point lies, and the report itself. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import type { Reference } from '../grid/reference.ts';
import { cutAfter } from '../http/cut-after.ts';
import { isNoPage, isOwnPage } from '../identity/credentials.ts';
import { problems } from '../problems.ts';
import { answers, keyHeader, keyOf } from '../route-parts.ts';
import { type AppEnv, newRouter, problem } from '../router.ts';
import { makeSlots, NoSlot } from '../slots.ts';
import { codeOf, pathOf } from './code.ts';
import { MOST_PHOTOS } from './form.ts';
import { kindsOf } from './kinds.ts';
import type { ResidentLimits } from './limits.ts';
import type { ResidentReport } from './report.ts';
import { PublicPlaceSchema, ReportedSchema, ReportFields, ReportFormSchema } from './schemas.ts';
import type { ResidentSwitches } from './switches.ts';

/** Reports that are read at the same time, each up to 12 MB in memory: past it people are asked to come back. */
const AT_ONCE = 12;
/** A report of three shrunk photos takes half of it over half a megabit a second; whoever dribbles would keep others out. [ours] */
const WITHIN_MS = 60_000;

export interface ReportRoutesDeps {
  readonly district: number;
  readonly key: Buffer;
  readonly reference: () => Reference;
  readonly switches: () => ResidentSwitches;
  readonly limits: ResidentLimits;
  /** @returns the number. */
  readonly report: (report: ResidentReport, key: string) => Promise<string>;
}

const tags = ['residents'];
const PATH = '/public/reports';
const coordinate = (bound: number) => z.coerce.number().min(-bound).max(bound);

const getForm = createRoute({
  method: 'get',
  path: `${PATH}/form`,
  tags,
  security: [],
  summary: 'What may be reported here without an account, and the places to choose from',
  responses: { 200: answers(ReportFormSchema, '`mayReport` false: the district takes none'), ...problems('too-many-requests') },
});
const getPlace = createRoute({
  method: 'get',
  path: '/public/place',
  tags,
  security: [],
  summary: 'The community at a WGS-84 point',
  request: { query: z.object({ lng: coordinate(180), lat: coordinate(90) }) },
  responses: { 200: answers(PublicPlaceSchema), ...problems('not-found', 'too-many-requests') },
});
const postReport = createRoute({
  method: 'post',
  path: PATH,
  tags,
  security: [],
  summary: '我来报 Report without an account, where the district allows it',
  request: { headers: keyHeader, body: { required: true, content: { 'multipart/form-data': { schema: ReportFields } } } },
  responses: {
    201: answers(ReportedSchema, 'Number, code and page; the same answer for the same key'),
    ...problems(
      'residents-may-not-report',
      'resident-kind-needed',
      'outside-district',
      'too-many-reports',
      'idempotency-key-missing',
      'idempotency-key-reused',
      'photo-too-large',
      'photo-not-readable',
      'invalid-body',
      'foreign-origin',
      'busy',
    ),
  },
});

/** Before anything of the body is read: is it allowed, by our page, not too often, and is there room for it? */
function door({ switches, limits }: ReportRoutesDeps): MiddlewareHandler<AppEnv> {
  const slots = makeSlots(AT_ONCE, 0);
  return async (c, next) => {
    const header = (name: string) => c.req.header(name);
    if (!isNoPage(header) && !isOwnPage(header)) return problem(c, 'foreign-origin');
    if (!switches().mayReport) return problem(c, 'residents-may-not-report');
    const refused = limits.report(c);
    if (refused) return refused;
    try {
      return await slots.run(() => next());
    } catch (error) {
      if (error instanceof NoSlot) return problem(c, 'busy', undefined, {}, { 'Retry-After': '5' });
      throw error;
    }
  };
}

export function reportRoutes(deps: ReportRoutesDeps): OpenAPIHono<AppEnv> {
  const { district, key, reference, switches, limits } = deps;
  const app = newRouter();
  app.post(PATH, door(deps), cutAfter(WITHIN_MS));
  return app
    .openapi(getForm, (c) => {
      const refused = limits.read(c);
      if (refused) return refused;
      return c.json(formOf(reference(), switches().mayReport), 200);
    })
    .openapi(getPlace, (c) => {
      const refused = limits.read(c);
      if (refused) return refused;
      const { lng, lat } = c.req.valid('query');
      const { place, communities, subdistricts } = reference();
      const at = place(lng, lat);
      const [community, subdistrict] = at ? [communities.get(at.community), subdistricts.get(at.subdistrict)] : [];
      if (!community || !subdistrict) return problem(c, 'outside-district');
      return c.json({ community: named(community), subdistrict: named(subdistrict) }, 200);
    })
    .openapi(postReport, async (c) => {
      const idempotencyKey = keyOf(c);
      if (idempotencyKey === null) return problem(c, 'idempotency-key-missing');
      const { website, photos, ...fields } = c.req.valid('form');
      if (website) return refusedField(c, 'website', 'leave it empty');
      const files = filesOf(photos);
      if (files === null || files.length > MOST_PHOTOS) return refusedField(c, 'photos', `up to ${MOST_PHOTOS} files`);
      const bytes = await Promise.all(files.map(async (file) => new Uint8Array(await file.arrayBuffer())));
      const number = await deps.report({ ...fields, photos: bytes }, idempotencyKey);
      const code = codeOf(key, district, number);
      return c.json({ number, code, path: pathOf(number, code) }, 201);
    });
}

function refusedField(c: Parameters<typeof problem>[0], path: string, message: string) {
  return problem(c, 'invalid-body', undefined, { errors: [{ path, message }] });
}

/** One, several or none; null when something else than a file was sent. An empty file field of a form is none. */
function filesOf(sent: unknown): File[] | null {
  const all = (Array.isArray(sent) ? sent : [sent]).filter(
    (one) => one !== undefined && one !== '' && !(one instanceof File && one.size === 0),
  );
  return all.every((one) => one instanceof File) ? all : null;
}

const named = ({ code, nameZh, nameEn }: { code: string; nameZh: string; nameEn: string | null }) => ({ code, nameZh, nameEn });

function formOf(from: Reference, mayReport: boolean) {
  const communities = [...from.communities.values()];
  return {
    mayReport,
    district: { zh: from.district.nameZh, en: from.district.nameEn },
    kinds: mayReport ? kindsOf(from.categories).map(({ kind, zh, en }) => ({ kind, zh, en })) : [],
    areas: mayReport
      ? [...from.subdistricts.values()].map((area) => ({
          ...named(area),
          communities: communities.filter(({ subdistrict }) => subdistrict === area.code).map(named),
        }))
      : [],
  };
}
