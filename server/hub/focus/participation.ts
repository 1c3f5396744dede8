import { randomBytes } from 'node:crypto';
import type { MediaLink, MediaSource } from '../media/mediaContract';
import type { FocusDialect } from '../profile/hubProfile';
import { type Element, xml } from '../xmpp/stanza';
import type { Allocation, FocusMember, MucRoomRef } from './focusMember';
import type { CandidatesRead } from './jingleSession';
import { Restarts } from './restarts';
import { isEmpty, NO_SOURCES, type Source, type SourceSet, subsetOf } from './sources';

/**
 * The phase of a member's Jingle session: none, waiting until it may be offered again, its connection is being opened, it
 * has been offered, or the client has accepted it.
 */
export type JinglePhase = 'none' | 'waiting' | 'allocating' | 'offered' | 'active';

/** How one member's sessions are offered. */
interface ParticipationTerms {
  readonly candidatesMax: number;
  readonly dialect: FocusDialect;
  readonly focusJid: string;
  /** Id of the conference on its bridge, as offers name it. */
  readonly bridgeSessionId: string;
}

/** One member of a conference, its Jingle session, and which sources of others it has been told about. */
export class Participation {
  phase: JinglePhase = 'none';
  private sessionId: string | null = null;
  private link: MediaLink | null = null;
  private candidatesTaken = 0;
  private shown: SourceSet = NO_SOURCES;
  private attempt = 0;
  private readonly restarts: Restarts;
  private dueAtMs = 0;
  /** Features of the client; null until they are known. */
  private features: ReadonlySet<string> | null;

  constructor(
    readonly room: MucRoomRef,
    readonly member: FocusMember,
    private readonly terms: ParticipationTerms,
  ) {
    const { dialect } = terms;
    this.restarts = new Restarts(dialect.restartLimit);
    this.features = dialect.asksFeatures ? null : new Set();
  }

  private get initiator(): string {
    return this.terms.dialect.initiator(this.room.jid, this.terms.focusJid);
  }

  /** Whether a session may be offered for the first time. */
  get isReady(): boolean {
    return this.phase === 'none' && this.features !== null;
  }

  /** The client has told its features, or will not. Later answers change nothing. */
  learn(features: ReadonlySet<string>): void {
    this.features ??= features;
  }

  /** Whether `sessionId` names the current session. */
  isSession(sessionId: string | undefined): boolean {
    return this.sessionId !== null && this.sessionId === sessionId;
  }

  /** Whether media is to be offered. */
  get offersMedia(): boolean {
    return this.restarts.offersMedia;
  }

  /** Whether `attempt` is the current session's. */
  isCurrent(attempt: number): boolean {
    return attempt === this.attempt;
  }

  /** Whether the client may ask for a fresh session now. */
  mayRestart(nowMs: number): boolean {
    return this.restarts.isAllowed(nowMs);
  }

  /** Ends the session without telling the client, to offer another as soon as that may be. */
  restart(nowMs: number): void {
    const hadMedia = this.link?.wasConnected ?? false;
    this.link?.giveUp();
    this.end();
    this.phase = 'waiting';
    this.dueAtMs = this.restarts.note(hadMedia, nowMs);
  }

  /** Whether a session may be offered again now. */
  isDue(nowMs: number): boolean {
    return this.phase === 'waiting' && nowMs >= this.dueAtMs;
  }

  /** Starts a fresh session. Returns the attempt, which a newer one, or `end`, voids. */
  begin(): number {
    this.end();
    this.phase = 'allocating';
    return this.attempt;
  }

  /** Ends the session without telling the client. */
  end(): void {
    this.attempt += 1;
    this.link?.close();
    this.link = null;
    this.sessionId = null;
    this.phase = 'none';
    this.shown = NO_SOURCES;
  }

  /** The bridge has died, and its connection with it. */
  bridgeLost(): void {
    this.link?.vanish();
  }

  /** Offers the session that has been allocated for the current attempt. */
  offer({ link, channel }: Allocation, sources: SourceSet): void {
    this.link = link;
    this.sessionId = randomBytes(8).toString('hex');
    this.phase = 'offered';
    this.candidatesTaken = 0;
    this.shown = sources;
    this.sendJingle(
      this.terms.dialect.offer({
        sessionId: this.sessionId,
        initiator: this.initiator,
        channel,
        bridgeSessionId: this.terms.bridgeSessionId,
        transport: link.local,
        sources,
        features: this.features ?? new Set(),
      }),
    );
  }

  /** Ends the session and tells the client. */
  terminate(): void {
    this.announceEnd();
    this.end();
  }

  /** Tells the client that the session ends. */
  announceEnd(): void {
    if (this.sessionId === null) return;
    this.sendJingle(this.terms.dialect.termination(this.sessionId, this.initiator));
  }

  /** Takes the client's side of the transport. A second one in a session changes nothing. */
  accept(remote: Parameters<MediaLink['setRemote']>[0] | null): void {
    if (this.phase !== 'offered') return;
    this.phase = 'active';
    if (remote) this.link?.setRemote(remote);
  }

  /** Adds candidates of the client. Returns how many are refused. */
  addCandidates({ candidates, refused }: CandidatesRead): number {
    const admitted = candidates.slice(0, this.terms.candidatesMax - this.candidatesTaken);
    this.candidatesTaken += admitted.length;
    const tried = admitted.filter((candidate) => this.link?.addCandidate(candidate) ?? true);
    return refused + candidates.length - tried.length;
  }

  /** Sets the sources that this member sends. */
  setOwnSources(sources: readonly Source[]): void {
    this.link?.setSources(sources.map(({ ssrc, kind }): MediaSource => ({ ssrc, kind })));
  }

  /** Tells the client which sources of others came and went since the last time, once it has accepted. */
  showSources(now: SourceSet): void {
    if (this.phase !== 'active') return;
    const before = new Set(this.shown.sources);
    const after = new Set(now.sources);
    const gone = subsetOf(this.shown, (source) => !after.has(source));
    const come = subsetOf(now, (source) => !before.has(source));
    this.shown = now;
    this.sendSources('source-remove', gone);
    this.sendSources('source-add', come);
  }

  private sendSources(action: 'source-add' | 'source-remove', sources: SourceSet): void {
    const { sessionId, initiator, features } = this;
    if (isEmpty(sources) || sessionId === null) return;
    const change = { action, sources, sessionId, initiator, features: features ?? new Set<string>() };
    this.sendJingle(this.terms.dialect.sourceChange(change));
  }

  private sendJingle(jingle: Element): void {
    const id = `focus-${randomBytes(5).toString('hex')}`;
    this.member.send(xml('iq', { type: 'set', id, from: `${this.room.jid}/focus`, to: this.member.jid }, jingle));
  }
}
