import { createHmac, randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '@/lib/core/clock';
import type { Log } from '@/lib/core/log';
import type { ClientReport, MeetingErrorReason } from '@/lib/core/meeting';
import type { Env } from '@/server/env';
import type { SiteMetrics, SiteSample } from '@/server/metrics/siteMetrics';
import { Outbox, TEST_PREFIX } from '@/server/outbox/outbox';
import { sendWebhook, type WebhookRequest } from '@/server/outbox/webhookRequest';
import type { Recorder } from '@/server/recorder/recorderContract';
import type { FiringAlert, OutboxStore } from '@/server/store/outboxStore';
import { AlertEngine, type AlertState } from './alertEngine';
import { alertMessage, fingerprintOf } from './alertMessage';
import { FactBook } from './factBook';

/** How long an alert that an operator asks for fires. */
const TEST_MS = 2_000;

const newId = () => `msg_${randomUUID()}`;
const newTestId = () => `${TEST_PREFIX}${randomUUID()}`;

function testAlert(instance: string, startsAtMs: number): FiringAlert {
  const labels = { alertname: 'Test', instance, severity: 'info' };
  const annotations = { summary: 'A test of the alerts.', description: 'nothing is wrong' };
  return { fingerprint: fingerprintOf(labels), instance, labels, annotations, startsAtMs };
}

export interface AlertsParts {
  readonly env: Pick<
    Env,
    'alertWebhookUrls' | 'alertWebhookSecret' | 'alertWebhookPrivate' | 'instance' | 'publicUrl' | 'maxBandwidthBps'
  >;
  readonly store: OutboxStore;
  /** Milliseconds since the Unix epoch. */
  readonly wall: Clock;
  /** From which the webhooks' secret is made where the operator sets none. */
  readonly siteSecret: string;
  readonly metrics: Pick<SiteMetrics, 'messageHandled'>;
  readonly log: Log;
}

/** Watches the site by its rules, and tells the operator's webhooks what is wrong, and when it is well again. */
export class Alerts {
  private readonly facts: FactBook;
  private readonly engine: AlertEngine;
  private readonly outbox: Outbox;
  private isTakenUp = false;

  constructor(private readonly parts: AlertsParts) {
    const { env, store, wall: clock, siteSecret, metrics, log } = parts;
    const derived = `whsec_${createHmac('sha256', siteSecret).update('webhooks').digest('base64')}`;
    const options = {
      secret: env.alertWebhookSecret ?? derived,
      // An address that an operator names for a test may be anywhere.
      allowsPrivate: ({ id, url }: WebhookRequest) =>
        env.alertWebhookPrivate || (id.startsWith(TEST_PREFIX) && !env.alertWebhookUrls.includes(url)),
      nowMs: () => clock.nowMs(),
    };
    this.outbox = new Outbox({
      store,
      clock,
      random: Math.random,
      log,
      send: (message) => sendWebhook(message, options),
      onOutcome: (result) => metrics.messageHandled(result),
    });
    this.facts = new FactBook({ clock: systemClock, bandwidthMaxBps: env.maxBandwidthBps });
    this.engine = new AlertEngine({
      instance: env.instance,
      siteUrl: env.publicUrl ?? '',
      webhookUrls: env.alertWebhookUrls,
      clock: systemClock,
      newId,
      tell: (messages, change) => {
        if (change.kind === 'fires') log.warn('alert', { ...change.alert.labels, ...change.alert.annotations });
        return this.outbox.add(messages, change);
      },
    });
  }

  start(): void {
    this.outbox.start();
  }

  /** Listens to the recorder. */
  watch(recorder: Recorder | null): void {
    recorder?.events.on('ended', ({ failure }) => failure !== null && this.facts.recorderFailed());
  }

  /** Alerts that fire now, the newest first. */
  get firing(): readonly AlertState[] {
    return this.engine.firing;
  }

  joined(result: 'ok' | MeetingErrorReason): void {
    this.facts.joined(result);
  }

  reported(report: ClientReport): void {
    this.facts.reported(report);
  }

  /** Looks at what was just sampled. Never rejects. */
  async look(sample: SiteSample): Promise<void> {
    const nowMs = this.parts.wall.nowMs();
    await this.takeUp();
    const { oldestMessageAtMs } = sample;
    const facts = this.facts.facts(sample, oldestMessageAtMs === null ? null : nowMs - oldestMessageAtMs);
    await this.engine.evaluate(facts, nowMs);
  }

  /** Sends an alert that says nothing is wrong, and soon its end: to `url`, or with null wherever alerts go. Returns to how many. */
  test(url: string | null): number {
    const { env, wall } = this.parts;
    const urls = url === null ? env.alertWebhookUrls : [url];
    const alert = testAlert(env.instance, wall.nowMs());
    const send = (endsAtMs: number | null) => {
      const body = alertMessage(alert, endsAtMs, env.publicUrl ?? '');
      return this.outbox.add(urls.map((to) => ({ id: newTestId(), url: to, subject: alert.fingerprint, body })));
    };
    void send(null);
    setTimeout(() => void send(wall.nowMs()), TEST_MS).unref();
    return urls.length;
  }

  close(): void {
    this.outbox.close();
  }

  /** What fired when the process before ended. A database that is away is asked again with the next look. */
  private async takeUp(): Promise<void> {
    if (this.isTakenUp) return;
    try {
      const { store, env } = this.parts;
      this.engine.takeUp(await store.firing(env.instance));
      this.isTakenUp = true;
    } catch (error) {
      this.parts.log.debug('the alerts of the process before are not known yet', { cause: String(error) });
    }
  }
}
