/** Counts what each address holds and refuses more than `max` of it. */
export class AddressQuota {
  private readonly held = new Map<string, number>();

  constructor(private readonly max: number) {}

  /** Takes one for `address` and returns its give-back (which works once), or null where all are held. */
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
