/** A packet as it was forwarded. */
export interface CachedPacket {
  readonly sequence: number;
  readonly header: Buffer;
  readonly payload: Buffer;
}

/** The last packets of one video source, for receivers that missed some. */
export class PacketCache {
  private readonly packets: (CachedPacket | undefined)[];

  /** `capacity`: a power of two, so that it divides the sequence numbers. */
  constructor(private readonly capacity = 512) {
    this.packets = new Array(capacity);
  }

  put(packet: CachedPacket): void {
    this.packets[packet.sequence % this.capacity] = packet;
  }

  get(sequence: number): CachedPacket | undefined {
    const packet = this.packets[sequence % this.capacity];
    return packet?.sequence === sequence ? packet : undefined;
  }
}
