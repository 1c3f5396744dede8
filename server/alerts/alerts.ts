import { createHmac, randomUUID } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Clock, systemClock } from '@/lib/core/clock';
import type { Log } from '@/lib/core/log';
import type { ClientReport, MeetingErrorReason } from '@/lib/core/meeting';
import type { Env } from '@/server/env';
import type { SiteMetrics, SiteSample } from '@/server/metrics/siteMetrics';
import { Outbox } from '@/server/outbox/outbox';
import { sendWebhook } from '@/server/outbox/webhookRequest';
import type { Recorder } from '@/server/recorder/recorderContract';
import type { OutboxStore } from '@/server/store/outboxStore';
import { AlertEngine } from './alertEngine';
import { FactBook } from './factBook';

const LAG_STEP_MS = 10;
const NS_PER_MS = 1e6;

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
  private readonly lag = monitorEventLoopDelay({ resolution: LAG_STEP_MS });
  private isTakenUp = false;

  constructor(private readonly parts: AlertsParts) {
    const { env, store, wall: clock, siteSecret, metrics, log } = parts;
    const derived = `whsec_${createHmac('sha256', siteSecret).update('webhooks').digest('base64')}`;
    const options = {
      secret: env.alertWebhookSecret ?? derived,
      allowsPrivate: env.alertWebhookPrivate,
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
    this.facts = new FactBook({
      clock: systemClock,
      bandwidthMaxBps: env.maxBandwidthBps,
      eventLoopLagMs: () => this.readLagMs(),
    });
    this.engine = new AlertEngine({
      instance: env.instance,
      siteUrl: env.publicUrl ?? '',
      webhookUrls: env.alertWebhookUrls,
      newId: () => `msg_${randomUUID()}`,
      tell: (messages, change) => {
        const { alert } = change.kind === 'fires' ? change : { alert: null };
        if (alert) log.warn('alert', { ...alert.labels, ...alert.annotations });
        return this.outbox.add(messages, change);
      },
    });
  }

  start(): void {
    this.lag.enable();
    this.outbox.start();
  }

  /** Listens to the recorder. */
  watch(recorder: Recorder | null): void {
    recorder?.events.on('ended', ({ failure }) => failure !== null && this.facts.recorderFailed());
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

  close(): void {
    this.lag.disable();
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

  private readLagMs(): number {
    const lagMs = Math.max(0, this.lag.percentile(99) / NS_PER_MS - LAG_STEP_MS);
    this.lag.reset();
    return lagMs;
  }
}
