import { describe, expect, it } from 'vitest';
import { AlertEngine } from '@/server/alerts/alertEngine';
import { ALERT_RULES, type AlertFacts } from '@/server/alerts/alertRules';
import type { AlertChange, NewMessage } from '@/server/store/outboxStore';
import { ManualClock } from '@/tests/support/manualClock';

const START_MS = Date.UTC(2030, 0, 1);

const WELL: AlertFacts = {
  poseAgeMs: 90,
  joins: { failed: 0, all: 20 },
  seatsRefused: 0,
  eventLoopLagMs: 5,
  isDatabaseUp: true,
  diskFreeBytes: 50e9,
  receivedBps: 300_000,
  bandwidthMaxBps: 1_500_000,
  recorderFailures: 0,
  hubRestarts: 0,
  oldestMessageMs: null,
};

const WRONG: readonly (readonly [string, Partial<AlertFacts>])[] = [
  ['PoseAgeHigh', { poseAgeMs: 501 }],
  ['JoinsFailing', { joins: { failed: 3, all: 20 } }],
  ['EventLoopLag', { eventLoopLagMs: 201 }],
  ['DatabaseAway', { isDatabaseUp: false }],
  ['DiskLow', { diskFreeBytes: 999_999_999 }],
  ['MeetingFull', { seatsRefused: 1 }],
  ['BandwidthOverBudget', { receivedBps: 1_500_001 }],
  ['RecorderStopped', { recorderFailures: 1 }],
  ['WebhookQueueOld', { oldestMessageMs: 600_001 }],
  ['HubRestarted', { hubRestarts: 1 }],
];

function createEngine() {
  const told: { readonly messages: readonly NewMessage[]; readonly change: AlertChange }[] = [];
  let ids = 0;
  const clock = new ManualClock();
  const engine = new AlertEngine({
    instance: 'web-1',
    siteUrl: 'https://meet.example',
    webhookUrls: ['https://a.example/', 'https://b.example/'],
    clock,
    newId: () => `msg_${++ids}`,
    tell: async (messages, change) => void told.push({ messages, change }),
  });
  /** Looks `s` seconds after the start; the wall clock is `aheadS` ahead of that. */
  const at = (s: number, facts: Partial<AlertFacts> = {}, aheadS = 0) => {
    clock.advance(s * 1000 - clock.nowMs());
    return engine.evaluate({ ...WELL, ...facts }, START_MS + (s + aheadS) * 1000);
  };
  const bodies = () => told.flatMap(({ messages }) => messages.map(({ body }) => JSON.parse(body)));
  return { engine, told, at, bodies };
}

describe('the rules of the alerts', () => {
  it('every rule has a case', () => {
    expect(WRONG.map(([name]) => name)).toEqual(ALERT_RULES.map(({ name }) => name));
  });

  it.each(WRONG)('%s holds by %j, and for nothing else', (name, facts) => {
    const holding = ALERT_RULES.filter((rule) => rule.find({ ...WELL, ...facts }) !== null);
    expect(holding.map((rule) => rule.name)).toEqual([name]);
  });

  it('a site that is well, or of which nothing is known, fires nothing', () => {
    const unknown = { ...WELL, poseAgeMs: null, diskFreeBytes: null, receivedBps: null, joins: { failed: 0, all: 0 } };
    for (const facts of [WELL, unknown]) {
      expect(ALERT_RULES.filter((rule) => rule.find(facts) !== null)).toEqual([]);
    }
  });
});

describe('alerts', () => {
  it('a wall clock that is set makes no alert fire early or late', async () => {
    const { at, told } = createEngine();
    await at(0, { poseAgeMs: 900 });
    await at(2, { poseAgeMs: 900 }, 3_600);
    expect(told).toEqual([]);
    await at(30, { poseAgeMs: 900 }, -3_600);
    expect(told).toHaveLength(1);
  });

  it('an alert fires once its rule has held for its time, and not for a moment', async () => {
    const { at, told } = createEngine();
    await at(0, { poseAgeMs: 900 });
    await at(25, { poseAgeMs: 900 });
    await at(26);
    await at(27, { poseAgeMs: 900 });
    await at(56, { poseAgeMs: 900 });
    expect(told).toEqual([]);
    await at(57, { poseAgeMs: 900 });
    await at(90, { poseAgeMs: 950 });
    expect(told).toHaveLength(1);
  });

  it('an alert and its end go to every webhook in the form of Alertmanager, key for key', async () => {
    const { at, told, bodies } = createEngine();
    await at(0, { recorderFailures: 2 });
    await at(30);
    expect(told.map(({ messages }) => messages.map(({ id, url }) => [id, url]))).toEqual([
      [
        ['msg_1', 'https://a.example/'],
        ['msg_2', 'https://b.example/'],
      ],
      [
        ['msg_3', 'https://a.example/'],
        ['msg_4', 'https://b.example/'],
      ],
    ]);
    const labels = { alertname: 'RecorderStopped', instance: 'web-1', severity: 'critical' };
    const annotations = { summary: 'A recording ended by a fault.', description: '2 in five minutes' };
    const [firing, , resolved] = bodies();
    const common = {
      labels,
      annotations,
      startsAt: '2030-01-01T00:00:00.000Z',
      generatorURL: 'https://meet.example',
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
    };
    const envelope = {
      receiver: 'parley',
      groupLabels: { alertname: 'RecorderStopped' },
      commonLabels: labels,
      commonAnnotations: annotations,
      externalURL: 'https://meet.example',
      version: '4',
      groupKey: '{}:{alertname="RecorderStopped"}',
      truncatedAlerts: 0,
    };
    expect(firing).toEqual({
      ...envelope,
      status: 'firing',
      alerts: [{ ...common, status: 'firing', endsAt: '0001-01-01T00:00:00Z' }],
    });
    expect(resolved).toEqual({
      ...envelope,
      status: 'resolved',
      alerts: [{ ...common, status: 'resolved', endsAt: '2030-01-01T00:00:30.000Z' }],
    });
    expect(resolved.alerts[0].fingerprint).toBe(firing.alerts[0].fingerprint);
  });

  it('an alert that fired when the process before ended goes on without another word, and its end is told with its beginning', async () => {
    const before = createEngine();
    await before.at(0, { isDatabaseUp: false });
    await before.at(5, { isDatabaseUp: false });
    const { change } = before.told[0]!;
    const after = createEngine();
    after.engine.takeUp(change.kind === 'fires' ? [change.alert] : []);
    expect(after.engine.firing).toMatchObject([{ name: 'DatabaseAway', startsAtMs: START_MS + 5_000 }]);
    await after.at(60, { isDatabaseUp: false });
    expect(after.told).toEqual([]);
    await after.at(65);
    const [resolved] = after.bodies();
    expect(resolved.alerts[0]).toMatchObject({
      status: 'resolved',
      startsAt: before.bodies()[0].alerts[0].startsAt,
      fingerprint: before.bodies()[0].alerts[0].fingerprint,
    });
  });
  it('what fired by a rule that an update has taken away ends', async () => {
    const { engine, at, bodies, told } = createEngine();
    const labels = { alertname: 'Forgotten', instance: 'web-1', severity: 'info' };
    engine.takeUp([{ fingerprint: 'f', instance: 'web-1', labels, annotations: {}, startsAtMs: START_MS }]);
    await at(0);
    expect(bodies()[0]).toMatchObject({ status: 'resolved', alerts: [{ fingerprint: 'f' }] });
    expect(told.map(({ change }) => change)).toEqual([{ kind: 'ends', fingerprint: 'f' }]);
    await at(2);
    expect(told).toHaveLength(1);
  });
});
