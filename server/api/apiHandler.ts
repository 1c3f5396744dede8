import { TRPCError } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { Log } from '@/lib/core/log';
import type { MeetingErrorData } from '@/lib/core/meeting';
import type { MeetingService } from '@/server/services/meetings/meetingService';
import { FOREIGN_SENTENCE, isForeign, requestOrigin } from '@/server/siteOrigin';
import { appRouter } from './router';
import { describeFailure } from './trpc';

/** Path under which the API is served. */
export const API_PATH = '/api/trpc';

const BODY_MAX_BYTES = 64 * 1024;

/** What the handler needs of the services. */
export interface ApiServices {
  readonly meetings: MeetingService;
  /** The one origin the operator named, or null: then the request's own. */
  readonly publicUrl: string | null;
  readonly trustProxy: boolean;
  readonly log: Log;
}

/** What the process knows of a request besides the request. */
export interface RequestFacts {
  /** Address of the caller. */
  readonly ip: string;
}

/** A refusal before any procedure is reached, in the shape tRPC gives errors. */
class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: TRPCError['code'],
    readonly data: MeetingErrorData,
    message: string,
  ) {
    super(message);
  }

  toResponse(): Response {
    const data = { code: this.code, httpStatus: this.status, ...this.data };
    return Response.json({ error: { message: this.message, code: -32600, data } }, { status: this.status });
  }
}

function refuseForeign(request: Request, own: readonly string[]): void {
  if (!isForeign((name) => request.headers.get(name), own)) return;
  throw new Refused(403, 'FORBIDDEN', { reason: 'forbidden' }, FOREIGN_SENTENCE);
}

function refuseOtherThanJson(request: Request): void {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/json') return;
  throw new Refused(415, 'UNSUPPORTED_MEDIA_TYPE', { reason: 'badInput' }, 'Send JSON (application/json).');
}

async function readBody(request: Request): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let sizeBytes = 0;
  for await (const chunk of request.body ?? []) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > BODY_MAX_BYTES) {
      throw new Refused(413, 'PAYLOAD_TOO_LARGE', { reason: 'badInput' }, `Send at most ${BODY_MAX_BYTES} bytes.`);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The request, once it may pass: from our own site or a program, JSON, of bounded size. @throws Refused */
async function checked(request: Request, own: readonly string[]): Promise<Request> {
  if (request.method === 'GET') return request;
  if (request.method !== 'POST') {
    throw new Refused(405, 'METHOD_NOT_SUPPORTED', { reason: 'badInput' }, 'Use GET or POST.');
  }
  refuseForeign(request, own);
  refuseOtherThanJson(request);
  const body = await readBody(request);
  return new Request(request.url, { method: 'POST', headers: request.headers, body, signal: request.signal });
}

function retryAfter(errors: readonly TRPCError[]): Record<string, string> {
  const waitMs = errors[0] ? describeFailure(errors[0]).data.retryAfterMs : undefined;
  return waitMs === undefined ? {} : { 'retry-after': String(Math.ceil(waitMs / 1000)) };
}

function isFault(error: TRPCError): boolean {
  return error.code === 'INTERNAL_SERVER_ERROR';
}

function answer(request: Request, services: ApiServices, ip: string, origin: string): Promise<Response> {
  return fetchRequestHandler({
    endpoint: API_PATH,
    req: request,
    router: appRouter,
    allowBatching: false,
    createContext: () => ({ caller: { ip, origin }, meetings: services.meetings }),
    responseMeta: ({ errors }) => ({ headers: { 'cache-control': 'no-store', ...retryAfter(errors) } }),
    onError: ({ error, path }) => {
      if (isFault(error)) services.log.error('an API call failed', { path, error: String(error.cause ?? error) });
    },
  });
}

/** Answers requests to {@link API_PATH}. Never rejects. */
export function createApiHandler(services: ApiServices): (request: Request, facts: RequestFacts) => Promise<Response> {
  return async (request, { ip }) => {
    const header = (name: string) => request.headers.get(name);
    const seen = requestOrigin(header, new URL(request.url), services.trustProxy);
    const origin = services.publicUrl ?? seen;
    try {
      return await answer(await checked(request, [origin, seen]), services, ip, origin);
    } catch (error) {
      if (error instanceof Refused) return error.toResponse();
      services.log.error('an API request failed', { error: String(error) });
      const fault = new TRPCError({ code: 'INTERNAL_SERVER_ERROR' });
      const { message, data } = describeFailure(fault);
      return new Refused(getHTTPStatusCodeFromError(fault), fault.code, data, message).toResponse();
    }
  };
}
