import type { AlertChange, DueMessage, FiringAlert, NewMessage, OutboxStore } from '@/server/store/outboxStore';

interface Kept extends NewMessage {
  attempts: number;
  readonly createdAtMs: number;
  dueAtMs: number;
}

/** The outbox in plain memory: the part of `MemoryMeetingStore` that passes its contract. */
export class MemoryOutboxStore implements OutboxStore {
  private readonly kept = new Map<string, Kept>();
  private readonly alerts = new Map<string, FiringAlert>();

  constructor(private readonly requireOpen: () => void) {}

  async add(messages: readonly NewMessage[], nowMs: number, change?: AlertChange): Promise<void> {
    this.requireOpen();
    for (const message of messages) {
      if (!this.kept.has(message.id))
        this.kept.set(message.id, { ...message, attempts: 0, createdAtMs: nowMs, dueAtMs: nowMs });
    }
    if (change?.kind === 'ends') this.alerts.delete(change.fingerprint);
    if (change?.kind === 'fires' && !this.alerts.has(change.alert.fingerprint)) {
      this.alerts.set(change.alert.fingerprint, change.alert);
    }
  }

  async firing(instance: string): Promise<readonly FiringAlert[]> {
    this.requireOpen();
    return [...this.alerts.values()].filter((alert) => alert.instance === instance);
  }

  async take(nowMs: number, againMs: number, most: number): Promise<readonly DueMessage[]> {
    this.requireOpen();
    const all = [...this.kept.values()];
    const due = all.filter(
      ({ dueAtMs, createdAtMs, url, subject }) =>
        dueAtMs <= nowMs &&
        !all.some((other) => other.url === url && other.subject === subject && other.createdAtMs < createdAtMs),
    );
    return due
      .sort((a, b) => a.dueAtMs - b.dueAtMs)
      .slice(0, most)
      .map((message) => {
        message.dueAtMs = againMs;
        const { dueAtMs: _, ...told } = message;
        return told;
      });
  }

  async postpone(id: string, attempts: number, nextMs: number): Promise<void> {
    this.requireOpen();
    const message = this.kept.get(id);
    if (message) Object.assign(message, { attempts, dueAtMs: nextMs });
  }

  async remove(id: string): Promise<void> {
    this.requireOpen();
    this.kept.delete(id);
  }

  async queue(): Promise<{ readonly depth: number; readonly oldestAtMs: number | null }> {
    this.requireOpen();
    const times = Array.from(this.kept.values(), ({ createdAtMs }) => createdAtMs);
    return { depth: times.length, oldestAtMs: times.length > 0 ? Math.min(...times) : null };
  }
}
