import { type RTCDtlsTransport, RTCSctpTransport } from 'werift';

/** Handlers of werift that reject where a message makes no sense to it; nobody would catch that. */
interface Handlers {
  datachannelReceive(streamId: number, payloadId: number, data: Buffer): Promise<void>;
}

/**
 * werift's SCTP over `dtls`, with data channels. Whatever the other side sends that werift can't read is dropped, where by itself
 * it would reject a promise that nobody holds, which ends the process.
 */
export function createGuardedSctp(dtls: RTCDtlsTransport, port: number): RTCSctpTransport {
  const transport = new RTCSctpTransport(port);
  transport.setDtlsTransport(dtls);
  const handlers = transport as unknown as Handlers;
  transport.sctp.onReceive.allUnsubscribe();
  transport.sctp.onReceive.subscribe((streamId, payloadId, data) => {
    handlers.datachannelReceive(streamId, payloadId, data).catch(drop);
  });
  const receive = dtls.dataReceiver as (data: Buffer) => unknown;
  dtls.dataReceiver = (data) => {
    // Within a promise, so that it makes no difference whether it throws or rejects.
    void Promise.resolve(data).then(receive).catch(drop);
  };
  return transport;
}

const drop = () => {};
