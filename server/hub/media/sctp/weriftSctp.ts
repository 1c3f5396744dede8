import { Event, type RTCDtlsTransport, RTCSctpTransport } from 'werift';

/** What the hub uses of werift's SCTP association, which werift doesn't export and partly calls private. */
export interface WeriftSctp {
  /** Whether it answers INIT. */
  isServer: boolean;
  readonly state: 'new' | 'closed' | 'connected' | 'connecting';
  /** Receiver window left, in bytes; may go below 0. */
  readonly advertisedRwnd: number;
  /** Bytes sent and not acknowledged. */
  readonly flightSize: number;
  readonly outboundQueue: readonly { readonly bookSize: number }[];
  readonly sackMisOrdered: ReadonlySet<number>;
  readonly reconfigQueue: number[];
  readonly onReceive: SctpEvent<[streamId: number, payloadId: number, data: Buffer]>;
  readonly onReconfigStreams: SctpEvent<[streamIds: number[]]>;
  readonly stateChanged: { readonly connected: SctpEvent<[]>; readonly closed: SctpEvent<[]> };
  handleData(data: Buffer): Promise<void>;
  send(streamId: number, payloadId: number, data: Buffer, options: { ordered: boolean }): Promise<void>;
  transmitReconfigRequest(): Promise<void>;
  timer1Cancel(): void;
  start(remotePort: number): Promise<void>;
  stop(): Promise<void>;
}

interface SctpEvent<Args extends unknown[]> {
  subscribe(listener: (...args: Args) => void): unknown;
  allUnsubscribe(): void;
}

/** SCTP port of both sides, as the offer says. */
export const SCTP_PORT = 5_000;

/**
 * Makes an association that sends through `send`. werift's data channel layer around it is cut off: on a payload identifier or
 * message it doesn't know it rejects promises that nobody catches, which would end the process.
 */
export function createWeriftSctp(send: (packet: Buffer) => Promise<void>): WeriftSctp {
  const transport = new RTCSctpTransport(SCTP_PORT);
  transport.setDtlsTransport({
    id: 'hub',
    sendData: send,
    dataReceiver: () => {},
    onStateChange: new Event(),
    iceTransport: { role: 'controlling' },
  } as unknown as RTCDtlsTransport);
  const sctp = transport.sctp as unknown as WeriftSctp;
  sctp.onReceive.allUnsubscribe();
  sctp.onReconfigStreams.allUnsubscribe();
  sctp.stateChanged.connected.allUnsubscribe();
  return sctp;
}
