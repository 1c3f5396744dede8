import { randomBytes } from 'node:crypto';
import type { MediaLink, MediaSource } from '../media/mediaContract';
import { NS } from '../xmpp/namespaces';
import { type Element, xml } from '../xmpp/stanza';
import type { Allocation, FocusMember, MucRoomRef } from './focusMember';
import { type CandidatesRead, jingleOffer, jingleTermination } from './jingleSession';
import { sourceContents } from './jingleSources';
import { Restarts } from './restarts';
import { isEmpty, NO_SOURCES, type Source, type SourceSet, subsetOf } from './sources';

/**
 * The phase of a member's Jingle session: none, waiting until it may be offered again, its connection is being opened, it
 * has been offered, or the client has accepted it.
 */
export type JinglePhase = 'none' | 'waiting' | 'allocating' | 'offered' | 'active';

/** One member of a conference, its Jingle session, and which sources of others it has been told about. */
export class Participation {
  phase: JinglePhase = 'none';
  private sessionId: string | null = null;
  private link: MediaLink | null = null;
  private candidatesTaken = 0;
  private shown: SourceSet = NO_SOURCES;
  private attempt = 0;
  private readonly restarts = new Restarts();
  private dueAtMs = 0;

  constructor(
    readonly room: MucRoomRef,
    readonly member: FocusMember,
    private readonly candidatesMax: number,
  ) {}

  private get initiator(): string {
    return `${this.room.jid}/focus`;
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

  /** Starts a fresh session. Returns the attempt to pass to `offer`; a newer attempt, or `end`, voids it. */
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

  /** Offers the session whose ports have been bound. Closes them if the attempt is void. */
  offer(attempt: number, { link, channel }: Allocation, sources: SourceSet): void {
    if (attempt !== this.attempt) {
      link.close();
      return;
    }
    this.link = link;
    this.sessionId = randomBytes(8).toString('hex');
    this.phase = 'offered';
    this.candidatesTaken = 0;
    this.shown = sources;
    this.sendJingle(
      jingleOffer({
        sessionId: this.sessionId,
        initiator: this.initiator,
        channel,
        bridgeSessionId: randomBytes(4).toString('hex'),
        transport: link.local,
        sources,
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
    if (this.sessionId !== null) this.sendJingle(jingleTermination(this.sessionId, this.initiator));
  }

  /** Takes the client's side of the transport. A second one in a session changes nothing. */
  accept(remote: Parameters<MediaLink['setRemote']>[0] | null): void {
    if (this.phase !== 'offered') return;
    this.phase = 'active';
    if (remote) this.link?.setRemote(remote);
  }

  /** Adds candidates of the client. Returns how many are refused. */
  addCandidates({ candidates, refused }: CandidatesRead): number {
    const admitted = candidates.slice(0, this.candidatesMax - this.candidatesTaken);
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

  private sendSources(action: 'source-add' | 'source-remove', set: SourceSet): void {
    if (isEmpty(set) || this.sessionId === null) return;
    const attrs = { xmlns: NS.jingle, action, initiator: this.initiator, sid: this.sessionId };
    this.sendJingle(xml('jingle', attrs, ...sourceContents(set)));
  }

  private sendJingle(jingle: Element): void {
    const id = `focus-${randomBytes(5).toString('hex')}`;
    this.member.send(xml('iq', { type: 'set', id, from: this.initiator, to: this.member.jid }, jingle));
  }
}
