/** Visibility from which something begins to be believed, and below which it is no longer. */
const OPEN_FROM = 0.6;
const SHUT_BELOW = 0.35;
/** For so long it has to stay there. */
const DWELL_MS = 200;

/** Decides by visibility, without flicker, whether something is in sight. */
export class Gate {
  private isOpened = false;
  private contraryMs = 0;

  get isOpen(): boolean {
    return this.isOpened;
  }

  /** Takes a visibility of 0..1, read `elapsedMs` after the one before. */
  advance(visibility: number, elapsedMs: number): void {
    const isContrary = this.isOpened ? visibility < SHUT_BELOW : visibility > OPEN_FROM;
    this.contraryMs = isContrary ? this.contraryMs + elapsedMs : 0;
    if (this.contraryMs < DWELL_MS) return;
    this.isOpened = !this.isOpened;
    this.contraryMs = 0;
  }

  shut(): void {
    this.isOpened = false;
    this.contraryMs = 0;
  }
}
