import { TransportError, type TransportErrorReason } from './transport';

/** Reasons after which coming back is not tried. */
const FINAL: ReadonlySet<TransportErrorReason> = new Set(['kicked', 'conferenceDestroyed', 'notAllowed']);

export function isFinal({ reason }: TransportError): boolean {
  return FINAL.has(reason);
}

export function lost(): TransportError {
  return new TransportError('lost', 'The connection to the meeting server was lost.');
}

export function tooLate(): TransportError {
  return new TransportError('unreachable', 'The meeting server does not answer in time.');
}

export function asTransportError(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  return new TransportError('unreachable', 'The meeting server cannot be reached.', { cause: error });
}
