import { randomUUID } from 'node:crypto';
import type { Admission, AdmissionResult, Admitted } from '@/lib/core/admission';
import type { Clock } from '@/lib/core/clock';
import { Emitter } from '@/lib/core/emitter';
import type { HubLimits } from '../hubLimits';
import type { HubCounters } from '../hubStats';
import { Session, type Wire } from './session';
import type { StanzaRate } from './stanzaRate';

/** What a token permits: a new session, only resuming its own, or nothing. */
type Entry =
  | { readonly kind: 'fresh'; readonly admitted: Admitted }
  | { readonly kind: 'resumeOnly'; readonly admitted: Admitted }
  | { readonly kind: 'refused'; readonly sentence: string };

/** Where a session comes from: the address its client used, and the rate of the socket it was bound on. */
interface StreamOrigin {
  readonly webSocketOrigin: string;
  readonly rate: StanzaRate;
}

const SENTENCES = {
  tokenInvalid: 'The join token is not valid. Join the meeting again.',
  tokenExpired: 'The join token has expired. Join the meeting again.',
  tokenUsed: 'The join token has already been used. Join the meeting again.',
  stayOver: 'The stay that this join token was for is over. Join the meeting again.',
} as const;

type DirectoryLimits = Pick<
  HubLimits,
  'resumeWindowMs' | 'usedTokenMemoryMs' | 'unacknowledgedStanzasMax' | 'unacknowledgedBytesMax' | 'heldBytesMax'
>;

/** Every XMPP session of the hub: which tokens open one, which can be resumed, and when they end. */
export class SessionDirectory {
  readonly events = new Emitter<{ ended: Session }>();
  private readonly byEndpointId = new Map<string, Session>();
  private readonly byTokenId = new Map<string, Session>();
  private readonly usedTokens: RecentIds;
  private readonly revokedStays: RecentIds;

  constructor(
    private readonly domain: string,
    private readonly admission: Admission,
    private readonly limits: DirectoryLimits,
    private readonly clock: Clock,
    private readonly counters: HubCounters,
  ) {
    this.usedTokens = new RecentIds(limits.usedTokenMemoryMs);
    this.revokedStays = new RecentIds(limits.usedTokenMemoryMs);
  }

  get size(): number {
    return this.byEndpointId.size;
  }

  get sessions(): Iterable<Session> {
    return this.byEndpointId.values();
  }

  /** Decides what `token` permits. A `fresh` entry holds the token until `bind` or `abandon`. Never rejects. */
  async authenticate(token: string | null): Promise<Entry> {
    const result = await this.verify(token);
    const { admitted } = result;
    if (!admitted) return { kind: 'refused', sentence: result.ok ? SENTENCES.tokenInvalid : SENTENCES[result.reason] };
    if (this.isRevoked(admitted)) return { kind: 'refused', sentence: SENTENCES.stayOver };
    if (this.byTokenId.get(admitted.tokenId)?.isResumable) return { kind: 'resumeOnly', admitted };
    if (!result.ok) return { kind: 'refused', sentence: SENTENCES[result.reason] };
    if (!this.usedTokens.claim(admitted.tokenId, this.clock.nowMs())) {
      return { kind: 'refused', sentence: SENTENCES.tokenUsed };
    }
    return { kind: 'fresh', admitted };
  }

  /** Returns a token whose socket was lost before a session was bound. */
  abandon(admitted: Admitted): void {
    this.usedTokens.release(admitted.tokenId);
  }

  /** No token of this stay opens or resumes a session any more. */
  revoke(stayId: string): void {
    this.revokedStays.claim(stayId, this.clock.nowMs());
  }

  /** Whether the stay of a token was revoked, which may be after `authenticate` has permitted it. */
  isRevoked({ stayId }: Admitted): boolean {
    return this.revokedStays.has(stayId);
  }

  /** Opens the session of a fresh entry. */
  bind(admitted: Admitted, resource: string, { webSocketOrigin, rate }: StreamOrigin, wire: Wire): Session {
    const uuid = this.unusedUuid();
    const jid = `${uuid}@${this.domain}/${resource}`;
    const session = new Session(jid, uuid.slice(0, 8), admitted, webSocketOrigin, wire, this.limits, rate);
    this.byEndpointId.set(session.endpointId, session);
    this.byTokenId.set(admitted.tokenId, session);
    return session;
  }

  /** The session that `previd` names, if the same token opened it. */
  resumable(previd: string | undefined, admitted: Admitted): Session | null {
    const session = this.byTokenId.get(admitted.tokenId);
    return session?.isResumable && session.management?.id === previd ? session : null;
  }

  /** Keeps a session whose socket was lost for the resume window after `lastHeardMs`, or ends it if it cannot be resumed. */
  lost(session: Session, lastHeardMs: number): void {
    if (!session.isResumable) this.end(session);
    else session.hibernate(lastHeardMs + this.limits.resumeWindowMs);
  }

  /** Ends a session for good. A second call does nothing. */
  end(session: Session): void {
    if (session.state === 'ended') return;
    session.end();
    this.byEndpointId.delete(session.endpointId);
    this.byTokenId.delete(session.admitted.tokenId);
    this.events.emit('ended', session);
  }

  /** Ends sessions that were not resumed in time, or that hoard stanzas. */
  sweep(): void {
    const nowMs = this.clock.nowMs();
    this.usedTokens.sweep(nowMs);
    this.revokedStays.sweep(nowMs);
    for (const session of [...this.byEndpointId.values()]) {
      if (session.isOverdue) this.endHoarder(session);
      else if (nowMs >= session.hibernatesUntilMs) this.end(session);
    }
    this.endLargestHoarders();
  }

  private endHoarder(session: Session): void {
    this.counters.drop('hoarded');
    this.end(session);
  }

  /** Keeps what is held for all sessions together within its limit. */
  private endLargestHoarders(): void {
    let heldBytes = 0;
    for (const session of this.byEndpointId.values()) heldBytes += session.heldBytes;
    if (heldBytes <= this.limits.heldBytesMax) return;
    const largestFirst = [...this.byEndpointId.values()]
      .map((session) => ({ session, bytes: session.heldBytes }))
      .sort((a, b) => b.bytes - a.bytes);
    for (const { session, bytes } of largestFirst) {
      if (heldBytes <= this.limits.heldBytesMax) return;
      heldBytes -= bytes;
      this.endHoarder(session);
    }
  }

  private async verify(token: string | null): Promise<AdmissionResult> {
    try {
      return await this.admission.verify(token);
    } catch {
      return { ok: false, reason: 'tokenInvalid' };
    }
  }

  private unusedUuid(): string {
    let uuid = randomUUID();
    while (this.byEndpointId.has(uuid.slice(0, 8))) uuid = randomUUID();
    return uuid;
  }
}

/** Remembers ids for as long as a token could live. */
class RecentIds {
  private readonly atMs = new Map<string, number>();

  constructor(private readonly memoryMs: number) {}

  has(id: string): boolean {
    return this.atMs.has(id);
  }

  /** Notes an id. Returns false if it already was. */
  claim(id: string, nowMs: number): boolean {
    if (this.atMs.has(id)) return false;
    this.atMs.set(id, nowMs);
    return true;
  }

  /** Takes a claim back. */
  release(id: string): void {
    this.atMs.delete(id);
  }

  /** Forgets old ids. The map is in order of time. */
  sweep(nowMs: number): void {
    for (const [id, atMs] of this.atMs) {
      if (nowMs - atMs < this.memoryMs) return;
      this.atMs.delete(id);
    }
  }
}
