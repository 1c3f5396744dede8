/** Hands out small numbers and takes them back. Grows by doubling; everything else allocates nothing. */
export class SlotTable {
  private free: number[] = [];
  private capacityNow = 0;
  private takenCount = 0;

  /** `onGrow` makes room for slots below `capacity`. */
  constructor(
    private readonly firstCapacity: number,
    private readonly onGrow: (capacity: number) => void,
  ) {}

  get capacity(): number {
    return this.capacityNow;
  }

  /** Slots in use. */
  get taken(): number {
    return this.takenCount;
  }

  /** A slot nobody has; those given back last come first. */
  take(): number {
    if (this.free.length === 0) this.grow();
    this.takenCount += 1;
    return this.free.pop()!;
  }

  /** Gives back a slot that was taken. */
  give(slot: number): void {
    this.takenCount -= 1;
    this.free.push(slot);
  }

  private grow(): void {
    const before = this.capacityNow;
    this.capacityNow = Math.max(this.firstCapacity, before * 2);
    this.onGrow(this.capacityNow);
    for (let slot = this.capacityNow - 1; slot >= before; slot -= 1) this.free.push(slot);
  }
}
