import type { Clock } from '@/lib/core/clock';
import type { Log } from '@/lib/core/log';
import { type Attempt, Entrance } from './entrance';
import type { HeldLink } from './heldLink';
import type { JitsiPass, Link } from './link';
import { lost, type TransportError } from './transport';

/** What a succession leads on for. */
interface SuccessionOwner {
  /** Fetches a fresh pass. @throws TransportError */
  fetchPass(): Promise<JitsiPass>;
  /** Holds a link that has yet to be created. */
  hold(): HeldLink;
  /** Creates a link that is not yet open. @throws TransportError */
  createLink(pass: JitsiPass, held: HeldLink): Promise<Link>;
  /** `held` is used from now on. It may not have joined the conference yet. */
  onTaken(held: HeldLink): void;
  /** The link that is used has joined the conference. */
  onEntered(held: HeldLink, link: Link): void;
  /** The link that was used is gone, and none is used. */
  onDropped(): void;
  /** A link could not be made. Another may be tried. */
  onFailedAttempt(error: unknown): void;
  /** No further link will be made. */
  onGivenUp(error: TransportError): void;
}

/**
 * Which link is used, and which is to take its place. A link that is lost is dropped before another is made. One that only lacks its
 * XMPP connection is used until a fresh link, made beside it, can do what it does.
 */
export class LinkSuccession {
  private readonly entrance: Entrance;
  private held: HeldLink | null = null;
  private next: HeldLink | null = null;
  private isReplacing = false;
  /** The link of the latest attempt. */
  private opened: HeldLink | null = null;

  constructor(
    private readonly owner: SuccessionOwner,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.entrance = new Entrance(
      {
        enter: (attempt) => this.open(attempt),
        onFailedAttempt: (error) => this.onFailedAttempt(error),
        onGivenUp: (error) => {
          this.isReplacing = false;
          void this.dropNext();
          void this.drop();
          owner.onGivenUp(error);
        },
      },
      this.clock,
    );
  }

  /** The link that is used. */
  get current(): HeldLink | null {
    return this.held;
  }

  /** Whether a link is used or is to be. Events of other links are ignored. */
  isKnown(held: HeldLink): boolean {
    return held === this.held || held === this.next;
  }

  /** Makes the first link. @throws TransportError */
  first(): Promise<void> {
    return this.entrance.first();
  }

  /** The link that is used carries what it should. */
  arrived(): void {
    this.entrance.arrived();
  }

  /** The network is back: an attempt that waits is made now. Does nothing without one. */
  wake(): void {
    this.entrance.wake();
  }

  tick(): void {
    this.next?.tick();
    this.held?.tick();
  }

  /** Makes a fresh link beside the one that is used. */
  replace(): void {
    if (this.isReplacing) return;
    this.log.info('no XMPP connection: makes a fresh link beside this one');
    this.isReplacing = true;
    this.entrance.reconnect(lost());
  }

  /** The link that was to be replaced works again. */
  keep(): void {
    if (!this.isReplacing) return;
    this.isReplacing = false;
    this.entrance.stop(lost());
    void this.dropNext();
  }

  /** The link beside the one that is used may have become able to take its place. */
  takeOver(held: HeldLink): void {
    const { link } = held;
    if (this.next !== held || !held.isIn || !link) return;
    const isAlone = held.remotes.endpoints.size === 0;
    if (this.held?.watch.speaks && !isAlone && !held.watch.speaks) return;
    this.log.info('a fresh link takes over');
    // The voices of the link before end before those of the next begin.
    void this.held?.link?.close();
    this.take(held, link);
    this.owner.onEntered(held, link);
  }

  /**
   * A link has become useless. If it is the one in use, it is dropped.
   * @param isBridgeAway See {@link Entrance.reconnect}.
   */
  lose(held: HeldLink, cause: TransportError, isBridgeAway: boolean): void {
    if (held === this.next) this.loseNext(cause);
    else if (this.isReplacing) this.goOnWithNext();
    else if (!this.entrance.callOff(cause)) {
      // The link is still inside the callback that reported this, so it is closed only afterwards.
      void this.drop();
      this.entrance.reconnect(cause, isBridgeAway);
    }
  }

  /** Ends everything. Resolves once it has left. */
  async stop(): Promise<void> {
    this.entrance.stop(lost());
    await Promise.all([this.dropNext(), this.drop()]);
  }

  private async open(attempt: Attempt): Promise<void> {
    this.opened = null;
    const pass = await this.owner.fetchPass();
    this.entrance.admitted();
    if (attempt.isOver) return;
    const held = this.owner.hold();
    const link = await this.owner.createLink(pass, held);
    held.link = link;
    this.opened = held;
    if (attempt.isOver) return void link.close();
    if (this.held) this.next = held;
    else this.take(held, link);
    await link.open();
    held.isIn = true;
    if (this.held === held) this.owner.onEntered(held, link);
    else this.takeOver(held);
  }

  private take(held: HeldLink, link: Link): void {
    this.held = held;
    this.next = null;
    this.isReplacing = false;
    link.begin();
    this.owner.onTaken(held);
  }

  private onFailedAttempt(error: unknown): void {
    this.log.debug('attempt failed', { error: String(error) });
    this.owner.onFailedAttempt(error);
    if (!this.opened) return;
    if (this.opened === this.next) void this.dropNext();
    else if (this.opened === this.held) void this.drop();
  }

  private loseNext(cause: TransportError): void {
    if (this.entrance.callOff(cause)) return;
    void this.dropNext();
    this.entrance.reconnect(cause);
  }

  /** The link that is used is lost while another is being made, or will be. */
  private goOnWithNext(): void {
    const { next } = this;
    this.isReplacing = false;
    void this.drop();
    if (!next?.link) return;
    this.take(next, next.link);
    if (next.isIn) this.owner.onEntered(next, next.link);
  }

  private dropNext(): Promise<void> {
    const link = this.next?.link;
    this.next = null;
    return Promise.resolve().then(() => link?.close());
  }

  /** Drops the link that is used. Callers need not wait until it has closed. */
  private drop(): Promise<void> {
    const link = this.held?.link;
    this.held = null;
    this.owner.onDropped();
    return Promise.resolve().then(() => link?.close());
  }
}
