import type { Clock } from '@/lib/core/clock';
import type { AlertChange, FiringAlert, NewMessage } from '@/server/store/outboxStore';
import { alertMessage, fingerprintOf } from './alertMessage';
import { ALERT_RULES, type AlertFacts, type AlertName, type AlertRule } from './alertRules';

export interface AlertEngineParts {
  /** Names this process among others of the site. */
  readonly instance: string;
  /** The site's address, or ''. */
  readonly siteUrl: string;
  /** Where alerts are sent. */
  readonly webhookUrls: readonly string[];
  readonly rules?: readonly AlertRule[];
  /** Any monotonic scale, on which rules hold. */
  readonly clock: Clock;
  newId(): string;
  /** Keeps and delivers. Never rejects. */
  tell(messages: readonly NewMessage[], change: AlertChange): Promise<void>;
}

/** An alert now. */
export interface AlertState {
  readonly name: AlertName;
  readonly severity: AlertRule['severity'];
  readonly summary: string;
  readonly startsAtMs: number;
}

/** Evaluates the rules, and tells when an alert begins to fire and when it is over. */
export class AlertEngine {
  /** Since when a rule holds that does not fire yet. */
  private readonly pending = new Map<AlertName, number>();
  private readonly active = new Map<AlertName, FiringAlert>();

  constructor(private readonly parts: AlertEngineParts) {}

  /** Those that fire now, the newest first. */
  get firing(): AlertState[] {
    return this.rules
      .flatMap(({ name, severity, summary }) => {
        const alert = this.active.get(name);
        return alert ? [{ name, severity, summary, startsAtMs: alert.startsAtMs }] : [];
      })
      .sort((a, b) => b.startsAtMs - a.startsAtMs);
  }

  /** Takes over what fired when the process before ended: it goes on, or its end is told. */
  takeUp(alerts: readonly FiringAlert[]): void {
    for (const alert of alerts) {
      const name = alert.labels['alertname'] as AlertName;
      if (!this.active.has(name)) this.active.set(name, alert);
    }
  }

  /** Looks at the facts. Never rejects. @param nowMs Unix ms */
  async evaluate(facts: AlertFacts, nowMs: number): Promise<void> {
    // What fired by a rule that there is no longer, before an update, is over.
    const orphans = [...this.active].filter(([name]) => !this.rules.some((rule) => rule.name === name));
    await Promise.all([
      ...this.rules.map((rule) => this.follow(rule, rule.find(facts), nowMs)),
      ...orphans.map(([name, alert]) => this.end(name, alert, nowMs)),
    ]);
  }

  private get rules(): readonly AlertRule[] {
    return this.parts.rules ?? ALERT_RULES;
  }

  private async follow(rule: AlertRule, found: string | null, nowMs: number): Promise<void> {
    const { name, forMs } = rule;
    const alert = this.active.get(name);
    if (found === null) {
      this.pending.delete(name);
      if (alert) await this.end(name, alert, nowMs);
      return;
    }
    if (alert) return;
    const atMs = this.parts.clock.nowMs();
    const sinceMs = this.pending.get(name) ?? atMs;
    this.pending.set(name, sinceMs);
    if (atMs - sinceMs >= forMs) await this.fire(rule, found, nowMs);
  }

  private async fire({ name, severity, summary }: AlertRule, found: string, nowMs: number): Promise<void> {
    const { instance } = this.parts;
    this.pending.delete(name);
    const labels = { alertname: name, instance, severity };
    const annotations = { summary, description: found };
    const alert = { fingerprint: fingerprintOf(labels), instance, labels, annotations, startsAtMs: nowMs };
    this.active.set(name, alert);
    await this.parts.tell(this.messagesOf(alert, null), { kind: 'fires', alert });
  }

  private async end(name: AlertName, alert: FiringAlert, nowMs: number): Promise<void> {
    this.active.delete(name);
    await this.parts.tell(this.messagesOf(alert, nowMs), { kind: 'ends', fingerprint: alert.fingerprint });
  }

  private messagesOf(alert: FiringAlert, endsAtMs: number | null): NewMessage[] {
    const { webhookUrls, siteUrl, newId } = this.parts;
    const body = alertMessage(alert, endsAtMs, siteUrl);
    return webhookUrls.map((url) => ({ id: newId(), url, subject: alert.fingerprint, body }));
  }
}
