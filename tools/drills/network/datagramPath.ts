import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import type { BridgeAddress } from './addresses';
import type { Carriage, CarriageKind } from './carriage';
import { PathRate } from './pathRate';

const HEADERS_BYTES = 28;
/** Bytes that a slow path queues before it drops what comes, as a small router does. */
const QUEUE_MAX_BYTES = 16_384;

/** One direction between two sockets. */
class DatagramWire {
  passedBytes = 0;
  passed = 0;
  private queue: Buffer[] = [];
  private queuedBytes = 0;
  private isHeld = false;
  private rate: PathRate | null = null;

  constructor(private readonly deliver: (datagram: Buffer) => void) {}

  get isWaiting(): boolean {
    return this.queue.length > 0;
  }

  take(datagram: Buffer): void {
    if (this.rate && this.queuedBytes > QUEUE_MAX_BYTES) return;
    this.queue.push(datagram);
    this.queuedBytes += datagram.length;
    this.flush();
  }

  setHeld(isHeld: boolean): void {
    this.isHeld = isHeld;
    this.flush();
  }

  setRate(bitsPerS: number | null): void {
    this.stop();
    this.rate = bitsPerS === null ? null : new PathRate(bitsPerS, this);
    this.flush();
  }

  stop(): void {
    this.rate?.stop();
  }

  /** Passes on what it may, each datagram as a whole. */
  flush(): void {
    while (!this.isHeld && this.isWaiting && (this.rate?.roomBytes ?? 1) > 0) {
      const datagram = this.queue.shift()!;
      const sizeBytes = datagram.length + HEADERS_BYTES;
      this.queuedBytes -= datagram.length;
      this.rate?.passed(sizeBytes);
      this.passedBytes += sizeBytes;
      this.passed += 1;
      this.deliver(datagram);
    }
  }
}

/** The datagrams between one socket of a client and the bridge, which sees a socket of its own for each. */
class DatagramFlow implements Carriage {
  private isDead = false;
  private readonly up: DatagramWire;
  private readonly down: DatagramWire;

  constructor(
    readonly kind: CarriageKind,
    private readonly exit: Socket,
    send: (datagram: Buffer) => void,
    answer: (datagram: Buffer) => void,
  ) {
    this.up = new DatagramWire(send);
    this.down = new DatagramWire(answer);
    exit.on('message', (datagram) => this.isDead || this.down.take(datagram));
    // The bridge may be gone.
    exit.on('error', () => {});
  }

  get bytesDown(): number {
    return this.down.passedBytes;
  }

  get datagramsDown(): number {
    return this.down.passed;
  }

  take(datagram: Buffer): void {
    if (!this.isDead) this.up.take(datagram);
  }

  hold(isHeld: boolean): void {
    if (this.isDead) return;
    this.up.setHeld(isHeld);
    this.down.setHeld(isHeld);
  }

  deaden(): void {
    this.hold(true);
    this.isDead = true;
  }

  /** Nobody can be told. */
  cut(): void {
    this.deaden();
  }

  throttle(bitsPerS: number | null): void {
    this.down.setRate(bitsPerS);
  }

  close(): void {
    this.up.stop();
    this.down.stop();
    this.exit.close();
  }
}

/** Takes over a flow that has begun; false to let nothing of it through. */
export type AdmitFlow = (flow: Carriage) => boolean;

/** A local address that stands for one of a bridge's. */
export class DatagramPath {
  private readonly flows = new Map<string, DatagramFlow | null>();

  private constructor(
    private readonly entry: Socket,
    private readonly kind: CarriageKind,
    private readonly bridge: BridgeAddress,
    private readonly admit: AdmitFlow,
  ) {
    entry.on('message', (datagram, from) => this.flowOf(from)?.take(datagram));
    entry.on('error', () => {});
  }

  static async open(kind: CarriageKind, bridge: BridgeAddress, admit: AdmitFlow): Promise<DatagramPath> {
    const entry = createSocket('udp4');
    entry.bind(0, '127.0.0.1');
    await once(entry, 'listening');
    return new DatagramPath(entry, kind, bridge, admit);
  }

  /** Where the client sends to, on 127.0.0.1. */
  get port(): number {
    return this.entry.address().port;
  }

  close(): void {
    for (const flow of this.flows.values()) flow?.close();
    this.entry.close();
  }

  private flowOf({ address, port }: RemoteInfo): DatagramFlow | null {
    const key = `${address} ${port}`;
    const known = this.flows.get(key);
    if (known !== undefined) return known;
    const exit = createSocket(isIPv6(this.bridge.ip) ? 'udp6' : 'udp4');
    const flow = new DatagramFlow(
      this.kind,
      exit,
      (datagram) => exit.send(datagram, this.bridge.port, this.bridge.ip),
      (datagram) => this.entry.send(datagram, port, address),
    );
    const isAdmitted = this.admit(flow);
    if (!isAdmitted) flow.close();
    this.flows.set(key, isAdmitted ? flow : null);
    return this.flows.get(key) ?? null;
  }
}
