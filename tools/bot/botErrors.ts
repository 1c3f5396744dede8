import { ParleyApiError } from '@/lib/api';
import { TransportError } from '@/lib/transport/transport';

/** Refusals that coming back does not mend must end the transport's attempts; all else may pass. */
export function asTransportError(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  const reason = error instanceof ParleyApiError && isPassing(error) ? 'unreachable' : 'notAllowed';
  return new TransportError(reason, error instanceof Error ? error.message : String(error), { cause: error });
}

/** What the API said matters more than that the transport gave up. */
export function causeOf(error: unknown): Error {
  if (error instanceof TransportError && error.cause instanceof ParleyApiError) return error.cause;
  return error instanceof Error ? error : new Error(String(error));
}

/** Whether trying to begin anew may work. */
export function mayPass(error: Error): boolean {
  if (error instanceof ParleyApiError) return isPassing(error);
  return error instanceof TransportError && (error.reason === 'unreachable' || error.reason === 'lost');
}

/** Whether the API's word is the last. */
export function isFinal({ reason }: ParleyApiError): boolean {
  return reason === 'replaced' || reason === 'ended' || reason === 'notFound' || reason === 'forbidden';
}

/** Whether time may mend it. */
export function isPassing({ reason }: ParleyApiError): boolean {
  return reason === 'offline' || reason === 'unavailable' || reason === 'tooManyRequests';
}
