import { describe, expect, it } from 'vitest';
import type { Push } from '../../src/ws/push-item.ts';
import { countDevices, groupPushes, unheardPlaces } from '../../web/centre/drawer/push-rows.ts';

const at = (s: number) => new Date(Date.parse('2026-11-20T07:00:00.000Z') + s * 1_000).toISOString();
const NOW = Date.parse(at(60));
const ring = (more: Partial<Push> = {}): Push => ({
  kind: 'ring',
  channel: 'socket',
  seq: 4,
  recipient: 'unit:gas',
  notice: null,
  assignment: 'a1',
  unit: 'gas',
  account: 'unit.gas',
  device: 'phone',
  deviceNumber: 1,
  queuedAt: at(0),
  sentAt: at(0.1),
  deliveredAt: null,
  shownAt: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
  acknowledgedHere: null,
  rings: 1,
  lastSentAt: at(0.1),
  stoppedAt: null,
  stoppedBy: null,
  outcome: null,
  status: null,
  ...more,
});
const webpush = (more: Partial<Push> = {}): Push => ring({ channel: 'webpush', ...more });
const notice = (more: Partial<Push> = {}): Push =>
  ring({
    kind: 'notice',
    notice: 'overdue',
    recipient: 'community:1',
    unit: null,
    assignment: null,
    account: 'community.1',
    rings: 0,
    ...more,
  });
const tones = (pushes: readonly Push[], now = NOW) =>
  groupPushes(pushes, now).flatMap((g) => g.asks.flatMap((a) => a.rows.map((r) => r.tone)));

describe('push evidence', () => {
  it('gives offsets from the asking, the answer on the device that showed it first, and the other one fell silent', () => {
    const answered = { acknowledgedAt: at(30), stoppedAt: at(30), stoppedBy: 'acknowledged' } as const;
    const [group] = groupPushes(
      [
        ring({ deliveredAt: at(0.2), shownAt: at(2), ...answered }),
        ring({ device: 'desk', deliveredAt: at(0.3), shownAt: at(1), ...answered }),
      ],
      NOW,
    );
    const rows = group!.asks[0]!.rows;
    expect(rows.map((r) => r.tone)).toEqual(['stopped', 'answered']);
    expect(rows[1]).toMatchObject({ delivered: 0.3, shown: 1, acknowledged: 30 });
    expect(rows[0]!.sent).toBeCloseTo(0.1, 3);
  });

  it('of a notice knows the very device on which it was seen', () => {
    const seen = { acknowledgedAt: at(20), acknowledgedBy: 'community.1' };
    expect(
      tones([
        notice({ ...seen, shownAt: at(1), deliveredAt: at(1), acknowledgedHere: false }),
        notice({ ...seen, device: 'desk', acknowledgedHere: true }),
      ]),
    ).toEqual(['stopped', 'answered']);
  });

  it('says of one device that it signed out or is off duty, while the other still rings', () => {
    const delivered = { deliveredAt: at(0.2) };
    expect(tones([ring({ ...delivered, stoppedAt: at(9), stoppedBy: 'shiftOver' }), ring({ ...delivered, device: 'desk' })])).toEqual([
      'stopped',
      'waiting',
    ]);
  });

  it('names silence, but not at once', () => {
    expect(tones([ring()], Date.parse(at(5)))).toEqual(['waiting']);
    expect(tones([ring()])).toEqual(['silent']);
    expect(unheardPlaces(groupPushes([ring(), ring({ device: 'desk' })], NOW))).toEqual({ nobody: [], silent: ['unit:gas'] });
    expect(unheardPlaces(groupPushes([ring(), ring({ device: 'desk', deliveredAt: at(1) })], NOW))).toEqual({ nobody: [], silent: [] });
  });

  it('says who had no device, and does not count it as one', () => {
    const nobody = ring({ account: null, device: null, deviceNumber: null, sentAt: null, rings: 0, lastSentAt: null });
    expect(tones([nobody])).toEqual(['nobody']);
    expect(unheardPlaces(groupPushes([nobody, notice({ ...nobody, kind: 'notice', recipient: 'leader:1' })], NOW))).toEqual({
      nobody: ['unit:gas', 'leader:1'],
      silent: [],
    });
    expect(countDevices([nobody, ring(), ring({ seq: 9, assignment: 'a2' }), ring({ deviceNumber: 2 })])).toBe(2);
  });

  it('of a web push that the push service did not take says so, and who has nothing else is to be called', () => {
    const failed = webpush({ sentAt: null, rings: 0, lastSentAt: null, status: 503 });
    expect(tones([failed])).toEqual(['failed']);
    expect(unheardPlaces(groupPushes([failed], NOW)).nobody).toEqual(['unit:gas']);
    expect(unheardPlaces(groupPushes([failed, webpush({ sentAt: at(3) })], NOW))).toEqual({ nobody: [], silent: ['unit:gas'] });
    expect(unheardPlaces(groupPushes([failed, webpush({ sentAt: at(3), deliveredAt: at(5) })], NOW))).toEqual({ nobody: [], silent: [] });
  });

  it('counts the page and the web push of one device as one', () => {
    expect(countDevices([ring({ deviceNumber: 1 }), webpush({ deviceNumber: 1 })])).toBe(1);
  });

  it('asks nobody to call where a later push was heard, or the ring has stopped', () => {
    const nobody = ring({ account: null, device: null, sentAt: null });
    expect(unheardPlaces(groupPushes([nobody, ring({ seq: 9, deliveredAt: at(50) })], NOW)).nobody).toEqual([]);
    expect(unheardPlaces(groupPushes([{ ...nobody, stoppedAt: at(5), stoppedBy: 'recalled' }], NOW)).nobody).toEqual([]);
  });

  it('keeps each asking apart, in its place, in order', () => {
    const groups = groupPushes(
      [ring(), notice(), ring({ seq: 9 }), ring({ seq: 9, device: 'desk' }), ring({ recipient: 'unit:fire', unit: 'fire' })],
      NOW,
    );
    expect(groups.map((g) => [g.recipient, g.asks.map((a) => [a.first.seq, a.rows.length])])).toEqual([
      [
        'unit:gas',
        [
          [4, 1],
          [9, 2],
        ],
      ],
      ['community:1', [[4, 1]]],
      ['unit:fire', [[4, 1]]],
    ]);
  });
});
