/** Counts how many each address holds and refuses more than `max`. */
export class AddressQuota {
  private readonly held = new Map<string, number>();

  constructor(private readonly max: number) {}

  /** Takes one for `address`. Returns a function that gives it back (once), or null if all are taken. */
  take(address: string): (() => void) | null {
    const count = this.held.get(address) ?? 0;
    if (count >= this.max) return null;
    this.held.set(address, count + 1);
    let isHeld = true;
    return () => {
      if (isHeld) this.giveBack(address);
      isHeld = false;
    };
  }

  private giveBack(address: string): void {
    const count = (this.held.get(address) ?? 0) - 1;
    if (count > 0) this.held.set(address, count);
    else this.held.delete(address);
  }
}
