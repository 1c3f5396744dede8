import type { IncomingMessage, ServerResponse } from 'node:http';
import { TRPCError } from '@trpc/server';
import { nodeHTTPRequestHandler } from '@trpc/server/adapters/node-http';
import type { Log } from '@/lib/core/log';
import { STAY_HEADER } from '@/lib/core/meeting';
import type { RequestHandler } from '@/server/http/httpServer';
import {
  HttpRefusal,
  refuseForeign,
  refuseOtherTypes,
  requireBody,
  retryHeaders,
  sendRefusal,
} from '@/server/http/refusals';
import { callerAddress, type SiteAddress, siteOrigin } from '@/server/http/request';
import type { MeetingAnswer, RecordingCard } from '@/server/runtime';
import { MeetingError } from '@/server/services/meetings/meetingError';
import type { MeetingService } from '@/server/services/meetings/meetingService';
import type { OpsService } from '@/server/services/ops/opsService';
import type { RecordingService } from '@/server/services/recordings/recordingService';
import { appRouter } from './router';
import { describeFailure } from './trpc';

const API_PATH = '/api/trpc/';

const BODY_MAX_BYTES = 64 * 1024;

/** What the API needs of the services. */
export interface ApiServices extends SiteAddress {
  readonly meetings: MeetingService;
  readonly recordings: RecordingService;
  readonly ops: OpsService;
  readonly log: Log;
}

/** `body` is where tRPC's adapter looks for a body that was read already. */
type ApiRequest = IncomingMessage & { body?: string };

/** The API: tRPC over HTTP, one call a request, event streams as server-sent events. */
export class ApiHandler implements RequestHandler {
  constructor(private readonly services: ApiServices) {}

  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    const [path = ''] = (request.url ?? '').split('?');
    if (!path.startsWith(API_PATH)) return false;
    this.answer(path.slice(API_PATH.length), request, response).catch((error: unknown) => {
      if (!(error instanceof MeetingError)) this.services.log.error('an API request failed', { error: String(error) });
      if (response.headersSent) response.destroy();
      else sendRefusal(request, response, error instanceof MeetingError ? error : fault(error));
    });
    return true;
  }

  /** Looks a meeting up for a caller at the address `ip`. Never rejects. */
  async findMeeting(id: string, ip: string): Promise<MeetingAnswer> {
    const { meetings, recordings, ops } = this.services;
    const caller = appRouter.createCaller({ caller: { ip, origin: '' }, meetings, recordings, ops });
    try {
      return { meeting: await caller.meeting.get({ id }) };
    } catch (cause) {
      const error = cause instanceof TRPCError ? cause : new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause });
      this.logFault(error, 'meeting.get');
      return { refusal: describeFailure(error) };
    }
  }

  /** Looks up the recording that `right` opens, for a caller at the address `ip`; null if it opens none. Never rejects. */
  async findRecording(right: string, ip: string): Promise<RecordingCard | null> {
    const { meetings, recordings, ops } = this.services;
    const caller = appRouter.createCaller({ caller: { ip, origin: '' }, meetings, recordings, ops });
    try {
      const { id } = recordings.openFiles(right);
      const { title, startedAt, durationS } = await caller.recording.get({ id, right });
      const people = await recordings.reader.people(id);
      return { title, startedAt, durationS, names: people.flatMap(({ name }) => (name === '' ? [] : [name])) };
    } catch (cause) {
      if (cause instanceof TRPCError) this.logFault(cause, 'recording.get');
      return null;
    }
  }

  private async answer(path: string, req: ApiRequest, res: ServerResponse): Promise<void> {
    const { meetings, recordings, ops, proxyHops } = this.services;
    const origin = siteOrigin(req, this.services);
    if (origin === null) throw new HttpRefusal('BAD_REQUEST', 'The Host header is not valid.');
    if (req.method !== 'GET') req.body = await this.readCall(req, res);
    await nodeHTTPRequestHandler({
      req,
      res,
      path,
      router: appRouter,
      allowBatching: false,
      createContext: () => ({
        caller: { ip: callerAddress(req, proxyHops), origin },
        meetings,
        recordings,
        ops,
        stayToken: stayOf(req),
      }),
      responseMeta: ({ errors: [error] }) => ({
        headers: { 'cache-control': 'no-store', ...retryHeaders(error && describeFailure(error).data.retryAfterMs) },
      }),
      onError: (failure) => this.logFault(failure.error, failure.path),
    });
  }

  /** The body of a POST, from our own site or a program: JSON of bounded size. @throws HttpRefusal */
  private async readCall(request: IncomingMessage, response: ServerResponse): Promise<string> {
    if (request.method !== 'POST') {
      response.setHeader('allow', 'GET, POST');
      throw new HttpRefusal('METHOD_NOT_SUPPORTED', 'Use GET or POST.');
    }
    refuseForeign(request, this.services);
    refuseOtherTypes(request, ['application/json'], 'Send JSON (application/json).');
    return (await requireBody(request, BODY_MAX_BYTES, `Send at most ${BODY_MAX_BYTES} bytes.`)).toString();
  }

  private logFault(error: TRPCError, path?: string): void {
    if (error.code !== 'INTERNAL_SERVER_ERROR') return;
    this.services.log.error('an API call failed', { path, error: String(error.cause ?? error) });
  }
}

/** Node joins a header that comes twice with a comma, which is no token. */
function stayOf({ headers }: IncomingMessage): string | undefined {
  const told = headers[STAY_HEADER];
  return Array.isArray(told) ? told[0] : told;
}

function fault(cause: unknown): MeetingError {
  const { data, message } = describeFailure(new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause }));
  return new HttpRefusal('INTERNAL_SERVER_ERROR', message, data);
}
