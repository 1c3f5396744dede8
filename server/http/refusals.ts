import type { IncomingMessage, ServerResponse } from 'node:http';
import { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { MeetingErrorData, MeetingErrorReason } from '@/lib/core/meeting';
import { MeetingError } from '@/server/services/meetings/meetingError';
import { isForeign, readBody, type SiteAddress } from './request';

type ErrorCode = TRPCError['code'];

/** tRPC's code for each reason; the HTTP status follows from it. */
const CODES: Readonly<Record<MeetingErrorReason, ErrorCode>> = {
  notFound: 'NOT_FOUND',
  exists: 'CONFLICT',
  full: 'CONFLICT',
  ended: 'PRECONDITION_FAILED',
  tokenInvalid: 'UNAUTHORIZED',
  tokenExpired: 'UNAUTHORIZED',
  replaced: 'CONFLICT',
  forbidden: 'FORBIDDEN',
  tooManyRequests: 'TOO_MANY_REQUESTS',
  badInput: 'BAD_REQUEST',
  unavailable: 'SERVICE_UNAVAILABLE',
};

/** JSON-RPC's number for a request that is refused before it reaches a procedure. */
const INVALID_REQUEST = -32600;

/** A refusal of the request itself, with a code of its own in place of its reason's. */
export class HttpRefusal extends MeetingError {
  constructor(
    readonly code: ErrorCode,
    message: string,
    data: MeetingErrorData = { reason: 'badInput' },
  ) {
    super(data, message);
  }
}

/** tRPC's code for a refusal. */
export function codeOf(refusal: MeetingError): ErrorCode {
  return refusal instanceof HttpRefusal ? refusal.code : CODES[refusal.reason];
}

/** The headers that tell a client when to try again. */
export function retryHeaders(retryAfterMs: number | undefined): Record<string, string> {
  return retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) };
}

/** @throws HttpRefusal for a request from a page of another site */
export function refuseForeign(request: IncomingMessage, site: SiteAddress): void {
  if (!isForeign(request, site)) return;
  const message = 'Requests from other sites are refused. If this is the site itself, set its PUBLIC_URL.';
  throw new HttpRefusal('FORBIDDEN', message, { reason: 'forbidden' });
}

/** @throws HttpRefusal with `message` for a body of a type other than `allowed` */
export function refuseOtherTypes(request: IncomingMessage, allowed: readonly string[], message: string): void {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (!allowed.includes(type)) throw new HttpRefusal('UNSUPPORTED_MEDIA_TYPE', message);
}

/** The request's body. @throws HttpRefusal with `message` if it has more than `maxBytes`, and if it is cut off */
export async function requireBody(request: IncomingMessage, maxBytes: number, message: string): Promise<Buffer> {
  const body = await readBody(request, maxBytes);
  if (body === 'tooLarge') throw new HttpRefusal('PAYLOAD_TOO_LARGE', message);
  if (body === 'cutOff') throw new HttpRefusal('BAD_REQUEST', 'The request was cut off on its way. Send it again.');
  return body;
}

/** Sends a refusal in the shape of tRPC's errors, so that one client understands all answers. */
export function sendRefusal(request: IncomingMessage, response: ServerResponse, refusal: MeetingError): void {
  const code = codeOf(refusal);
  const httpStatus = getHTTPStatusCodeFromError(new TRPCError({ code }));
  const { message, data } = refusal;
  const body = { error: { message, code: INVALID_REQUEST, data: { code, httpStatus, ...data } } };
  response.writeHead(httpStatus, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    ...retryHeaders(data.retryAfterMs),
    // What is left of the body is not read.
    ...(request.complete ? {} : { connection: 'close' }),
  });
  response.end(JSON.stringify(body));
}
