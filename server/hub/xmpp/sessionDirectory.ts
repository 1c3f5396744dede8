import { randomUUID } from 'node:crypto';
import type { Admission, AdmissionResult, Admitted } from '@/lib/core/admission';
import type { Clock } from '@/lib/core/clock';
import { Emitter } from '@/lib/core/emitter';
import type { HubLimits } from '../hubLimits';
import type { HubCounters } from '../hubStats';
import type { Refusal, Refused, StreamDialect } from '../profile/hubProfile';
import { Session, type Wire } from './session';
import type { StanzaRate } from './stanzaRate';

/** What a token permits: a new session, only resuming its own, or nothing. */
type Entry =
  | { readonly kind: 'fresh'; readonly admitted: Admitted }
  | { readonly kind: 'resumeOnly'; readonly admitted: Admitted }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Where a session comes from: the address its client used, and the rate of the socket it was bound on. */
interface StreamOrigin {
  readonly webSocketOrigin: string;
  readonly rate: StanzaRate;
}

type DirectoryLimits = Pick<
  HubLimits,
  'resumeWindowMs' | 'usedTokenMemoryMs' | 'unacknowledgedStanzasMax' | 'unacknowledgedBytesMax' | 'heldBytesMax'
>;

/** Every XMPP session of the hub: which tokens open one, which can be resumed, and when they end. */
export class SessionDirectory {
  readonly events = new Emitter<{ ended: Session }>();
  private readonly byEndpointId = new Map<string, Session>();
  private readonly byTokenId = new Map<string, Set<Session>>();
  private readonly usedTokens: RecentIds;
  private readonly revokedStays: RecentIds;

  constructor(
    private readonly domain: string,
    private readonly admission: Admission,
    private readonly limits: DirectoryLimits,
    private readonly clock: Clock,
    private readonly counters: HubCounters,
    private readonly dialect: StreamDialect,
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
    if (!admitted) return this.refused(result.ok ? { reason: 'tokenInvalid' } : result);
    if (this.isRevoked(admitted)) return this.refused({ reason: 'stayOver' });
    if (!this.dialect.opensOncePerToken) {
      return result.ok ? { kind: 'fresh', admitted: this.dialect.admit(admitted) } : this.refused(result);
    }
    if (this.sessionsOf(admitted).some(({ isResumable }) => isResumable)) return { kind: 'resumeOnly', admitted };
    if (!result.ok) return this.refused(result);
    if (!this.usedTokens.claim(admitted.tokenId, this.clock.nowMs())) return this.refused({ reason: 'tokenUsed' });
    return { kind: 'fresh', admitted };
  }

  /** Returns a token whose socket was lost before a session was bound. */
  abandon(admitted: Admitted): void {
    this.usedTokens.release(admitted.tokenId);
  }

  /** From now on no token of this stay opens or resumes a session. */
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
    const sameToken = this.byTokenId.get(admitted.tokenId) ?? new Set();
    this.byTokenId.set(admitted.tokenId, sameToken.add(session));
    return session;
  }

  /** The session that `previd` names, if the same token opened it. */
  resumable(previd: string | undefined, admitted: Admitted): Session | null {
    const named = this.sessionsOf(admitted).find(({ management }) => management !== null && management.id === previd);
    return named?.isResumable ? named : null;
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
    this.forgetToken(session);
    this.events.emit('ended', session);
  }

  /** Every session is gone, without a word to anybody, and so is what is known of used tokens. */
  forgetAll(): void {
    for (const session of this.byEndpointId.values()) session.end();
    this.byEndpointId.clear();
    this.byTokenId.clear();
    this.usedTokens.clear();
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

  private sessionsOf({ tokenId }: Admitted): Session[] {
    return [...(this.byTokenId.get(tokenId) ?? [])];
  }

  private forgetToken(session: Session): void {
    const { tokenId } = session.admitted;
    const sameToken = this.byTokenId.get(tokenId);
    sameToken?.delete(session);
    if (sameToken?.size === 0) this.byTokenId.delete(tokenId);
  }

  private refused(why: Refused): Entry {
    return { kind: 'refused', refusal: this.dialect.refusal(why) };
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

  clear(): void {
    this.atMs.clear();
  }

  /** Forgets old ids. The map is in order of time. */
  sweep(nowMs: number): void {
    for (const [id, atMs] of this.atMs) {
      if (nowMs - atMs < this.memoryMs) return;
      this.atMs.delete(id);
    }
  }
}
