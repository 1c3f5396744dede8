/** What a record of a chunk holds. `sender`: the ids behind a number, before the first record with that number. */
const TapKind = { sender: 1, message: 2, audio: 3, video: 4 } as const;
type TapKindName = keyof typeof TapKind;

/** Kind (1 byte), unused (1), number of the sender (2), size of what follows (4), time (8); little-endian. */
const HEAD_BYTES = 16;
/** Holds any message or packet, and about a quarter of a second of a full meeting with a shared screen. */
export const CHUNK_BYTES = 128 * 1024;
const SENDERS_MAX = 0xffff;

/** Chunks that have been handed over and not come back; more mean that the recorder does not keep up. */
const AWAY_MAX = 128;

/** Takes a filled chunk: the first `sizeBytes` bytes of it. */
export type SendChunk = (chunk: ArrayBuffer, sizeBytes: number) => void;

/**
 * Gathers what a tap hears in chunks that are handed over whole. It is the only part of the recorder on the loop that relays
 * packets: it copies, and in steady state allocates nothing, as chunks come back by {@link giveBack}.
 */
export class TapChunks {
  /** Records that were left out, because the recorder did not keep up. */
  dropped = 0;
  private readonly senders = new Map<string, number>();
  private readonly free: ArrayBuffer[] = [];
  private chunk: ArrayBuffer | null = null;
  private view: DataView | null = null;
  private bytes: Uint8Array | null = null;
  private filled = 0;
  private away = 0;

  constructor(private readonly send: SendChunk) {}

  /** Adds a record, of one or two parts. */
  add(
    kind: Exclude<TapKindName, 'sender'>,
    endpointId: string,
    personId: string,
    timeMs: number,
    first: Uint8Array,
    second?: Uint8Array,
  ): void {
    const sender = this.senders.get(endpointId) ?? this.introduce(endpointId, personId, timeMs);
    const sizeBytes = first.length + (second ? 2 + second.length : 0);
    if (!this.begin(TapKind[kind], sender, timeMs, sizeBytes)) return;
    const bytes = this.bytes!;
    if (second) {
      this.view!.setUint16(this.filled, first.length, true);
      this.filled += 2;
    }
    bytes.set(first, this.filled);
    if (second) bytes.set(second, this.filled + first.length);
    this.filled += first.length + (second?.length ?? 0);
  }

  /** Hands over what there is. Returns whether there was anything. */
  flush(): boolean {
    const { chunk, filled } = this;
    if (!chunk || filled === 0) return false;
    this.chunk = null;
    this.filled = 0;
    this.away += 1;
    this.send(chunk, filled);
    return true;
  }

  /** Takes a chunk back that was handed over. */
  giveBack(chunk: ArrayBuffer): void {
    this.away -= 1;
    this.free.push(chunk);
  }

  private introduce(endpointId: string, personId: string, timeMs: number): number {
    if (this.senders.size >= SENDERS_MAX) this.senders.clear();
    const sender = this.senders.size;
    this.senders.set(endpointId, sender);
    const ids = Buffer.from(`${endpointId} ${personId}`);
    if (this.begin(TapKind.sender, sender, timeMs, ids.length)) {
      this.bytes!.set(ids, this.filled);
      this.filled += ids.length;
    } else this.senders.delete(endpointId);
    return sender;
  }

  /** Writes a record's head where there is room for all of it. */
  private begin(kind: number, sender: number, timeMs: number, sizeBytes: number): boolean {
    if (this.filled + HEAD_BYTES + sizeBytes > CHUNK_BYTES) this.flush();
    if (!this.chunk && !this.takeChunk()) return false;
    if (HEAD_BYTES + sizeBytes > CHUNK_BYTES) {
      this.dropped += 1;
      return false;
    }
    const view = this.view!;
    view.setUint8(this.filled, kind);
    view.setUint16(this.filled + 2, sender, true);
    view.setUint32(this.filled + 4, sizeBytes, true);
    view.setFloat64(this.filled + 8, timeMs, true);
    this.filled += HEAD_BYTES;
    return true;
  }

  private takeChunk(): boolean {
    if (this.away >= AWAY_MAX) {
      this.dropped += 1;
      return false;
    }
    this.chunk = this.free.pop() ?? new ArrayBuffer(CHUNK_BYTES);
    this.view = new DataView(this.chunk);
    this.bytes = new Uint8Array(this.chunk);
    return true;
  }
}

/** Whose a record is. */
export interface TapSender {
  readonly endpointId: string;
  readonly personId: string;
}

/** What a reader of chunks does with each record. Bytes are valid during the call. */
export interface TapListener {
  onMessage(sender: TapSender, timeMs: number, message: Buffer): void;
  onRtp(sender: TapSender, timeMs: number, kind: 'audio' | 'video', header: Buffer, payload: Buffer): void;
}

/** Reads the chunks of one {@link TapChunks}, in order. */
export class TapReader {
  private readonly senders = new Map<number, TapSender>();

  constructor(private readonly listener: TapListener) {}

  read(chunk: ArrayBuffer, sizeBytes: number): void {
    const all = Buffer.from(chunk, 0, sizeBytes);
    for (let at = 0; at < sizeBytes; ) {
      const kind = all.readUInt8(at);
      const number = all.readUInt16LE(at + 2);
      const size = all.readUInt32LE(at + 4);
      const timeMs = all.readDoubleLE(at + 8);
      const body = all.subarray(at + HEAD_BYTES, at + HEAD_BYTES + size);
      at += HEAD_BYTES + size;
      const sender = this.senders.get(number);
      if (kind === TapKind.sender) this.introduce(number, body.toString());
      else if (sender) this.tell(kind, sender, timeMs, body);
    }
  }

  private introduce(number: number, ids: string): void {
    const [endpointId = '', personId = ''] = ids.split(' ');
    this.senders.set(number, { endpointId, personId });
  }

  private tell(kind: number, sender: TapSender, timeMs: number, body: Buffer): void {
    if (kind === TapKind.message) {
      this.listener.onMessage(sender, timeMs, body);
      return;
    }
    const payloadAt = 2 + body.readUInt16LE(0);
    const media = kind === TapKind.audio ? 'audio' : 'video';
    this.listener.onRtp(sender, timeMs, media, body.subarray(2, payloadAt), body.subarray(payloadAt));
  }
}
