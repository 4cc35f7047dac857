import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../src/config.ts';

describe('environment', () => {
  it('may be empty: port 8080 on loopback, the embedded database, the demo world', () => {
    expect(loadConfig({})).toMatchObject({
      port: 8080,
      host: '127.0.0.1',
      databaseUrl: undefined,
      demo: 'all',
      logLevel: 'info',
      district: 441802,
    });
    expect(loadConfig({}).dataDir).toMatch(/^\/.*\/\.data$/);
  });

  it('loads no demo world into a database of one’s own unless told', () => {
    const DATABASE_URL = 'postgres://fengming@db.example:5432/fengming';
    expect(loadConfig({ DATABASE_URL }).demo).toBe('none');
    expect(loadConfig({ DATABASE_URL, DEMO: '1' }).demo).toBe('all');
    expect(loadConfig({ DEMO: '0' }).demo).toBe('none');
    expect(loadConfig({ DATABASE_URL, DEMO: 'world' }).demo).toBe('world');
  });

  it('takes an empty variable for none', () => {
    expect(loadConfig({ PORT: '', DATABASE_URL: '', DEMO: '' })).toEqual(loadConfig({}));
  });

  it('takes port 0, any free one', () => {
    expect(loadConfig({ PORT: '0' }).port).toBe(0);
  });

  it('names every variable that cannot be used, and not its value, which may hold a password', () => {
    const env = { PORT: 'eighty', DATABASE_URL: 'mysql://me:secret@db/x', DEMO: 'yes', DEMO_PASSWORD: 'short', LOG_LEVEL: 'loud' };
    const error = (() => {
      try {
        loadConfig(env);
      } catch (thrown) {
        return thrown;
      }
      return undefined;
    })();
    expect(error).toBeInstanceOf(ConfigError);
    const { message } = error as ConfigError;
    for (const name of Object.keys(env)) expect(message).toContain(name);
    expect(message).not.toContain('secret');
  });

  it('has no base map unless one is named, and then knows what kind it is', () => {
    expect(loadConfig({}).baseMap).toBeNull();
    const tiles = 'https://tiles.example/{z}/{x}/{y}.png?key=1';
    expect(loadConfig({ BASE_MAP_URL: tiles, BASE_MAP_COORDS: 'gcj02', BASE_MAP_ATTRIBUTION: '某地图 GS(2026)1号' }).baseMap).toEqual({
      url: tiles,
      kind: 'raster',
      coords: 'gcj02',
      attribution: '某地图 GS(2026)1号',
      maxZoom: 18,
    });
    expect(loadConfig({ BASE_MAP_URL: '/maps/district.pmtiles' }).baseMap).toMatchObject({ kind: 'pmtiles', coords: 'wgs84' });
  });

  it.each([
    [{ BASE_MAP_URL: 'https://tiles.example/map.png' }, 'BASE_MAP_URL'],
    [{ BASE_MAP_URL: "https://tiles.example'; script-src *; /{z}/{x}/{y}" }, 'BASE_MAP_URL'],
    [{ BASE_MAP_URL: 'javascript:{z}{x}{y}' }, 'BASE_MAP_URL'],
    [{ BASE_MAP_URL: '//tiles.example/{z}/{x}/{y}' }, 'BASE_MAP_URL'],
    [{ BASE_MAP_URL: 'https://tiles.example/a.pmtiles', BASE_MAP_COORDS: 'gcj02' }, 'BASE_MAP_COORDS'],
  ])('refuses %o, and says which variable', (env, variable) => {
    expect(() => loadConfig(env)).toThrow(new RegExp(variable));
  });
});
