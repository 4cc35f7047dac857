/** 居民 over HTTP: what residents may do without an account. Everybody reads it; district and administrator change it. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { hasAbility } from '../identity/abilities.ts';
import { SwitchesEditSchema, SwitchesSchema } from '../residents/schemas.ts';
import { basisOfSwitches, readSwitches, type ResidentSwitches, saveSwitches } from '../residents/switches.ts';
import { answers, json } from '../route-parts.ts';
import { type AppEnv, newRouter, problem } from '../router.ts';

export interface ResidentSettingsDeps {
  readonly db: Kysely<Schema>;
  readonly district: number;
  /** Makes this node go by what was written. */
  readonly refresh: () => Promise<void>;
}

const tags = ['settings'];
const getSwitches = createRoute({
  method: 'get',
  path: '/settings/residents',
  tags,
  summary: '居民 What residents may do without an account',
  responses: { 200: answers(SwitchesSchema, 'Off until somebody turns it on') },
});
const putSwitches = createRoute({
  method: 'put',
  path: '/settings/residents',
  tags,
  summary: '改居民设置 Turn reports and sign-ups without an account, and photos on the public page, on or off',
  request: { body: { required: true, ...json(SwitchesEditSchema) } },
  responses: { 200: answers(SwitchesSchema, 'As it holds now') },
});

const wire = (switches: ResidentSwitches) => ({ ...switches, basis: basisOfSwitches(switches) });

export function residentSettingsRoutes({ db, district, refresh }: ResidentSettingsDeps): OpenAPIHono<AppEnv> {
  return newRouter()
    .openapi(getSwitches, async (c) => c.json(wire(await readSwitches(db, district)), 200))
    .openapi(putSwitches, async (c) => {
      if (!hasAbility(c.var.actor.role, 'settings'))
        return problem(c, 'not-allowed', 'what residents may do is decided by district and administrator');
      const { basis, ...edit } = c.req.valid('json');
      const saved = await saveSwitches(db, district, edit, { account: c.var.actor.account, basis });
      if (!saved.ok) return problem(c, saved.code);
      await refresh();
      return c.json(wire(saved.switches), 200);
    });
}
