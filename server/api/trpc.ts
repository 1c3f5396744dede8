import { initTRPC, TRPCError } from '@trpc/server';
import { ZodError } from 'zod';
import type { MeetingErrorData } from '@/lib/core/meeting';
import { codeOf } from '@/server/http/refusals';
import { type MeetingError, toMeetingError } from '@/server/services/meetings/meetingError';
import type { Caller, MeetingService } from '@/server/services/meetings/meetingService';
import type { OpsService } from '@/server/services/ops/opsService';
import type { RecordingService } from '@/server/services/recordings/recordingService';

/** What every procedure of the API receives. */
interface Context {
  readonly caller: Caller;
  readonly meetings: MeetingService;
  readonly recordings: RecordingService;
  readonly ops: OpsService;
  /** Of an event stream that keeps a stay. */
  readonly stayToken?: string;
}

/** Milliseconds that a client should wait after a bug of ours. */
const FAULT_RETRY_MS = 5000;

const FAULT = 'Something went wrong on our side. Try again in a few seconds.';

/** tRPC's error for a refusal; the refusal is its cause. */
function toTrpcError(refusal: MeetingError): TRPCError {
  return new TRPCError({ code: codeOf(refusal), message: refusal.message, cause: refusal });
}

/** What the client learns of a failure: a sentence and {@link MeetingErrorData}; of a bug of ours, nothing more. */
export function describeFailure(error: TRPCError): { readonly message: string; readonly data: MeetingErrorData } {
  const refusal = toMeetingError(error.cause);
  if (refusal) return { message: refusal.message, data: refusal.data };
  if (error.code === 'INTERNAL_SERVER_ERROR') {
    return { message: FAULT, data: { reason: 'unavailable', retryAfterMs: FAULT_RETRY_MS } };
  }
  return { message: inputSentence(error), data: { reason: 'badInput' } };
}

function inputSentence(error: TRPCError): string {
  const issue = error.cause instanceof ZodError ? error.cause.issues[0] : undefined;
  if (!issue) return error.message;
  const where = issue.path.join('.');
  return where ? `${where}: ${issue.message}.` : `${issue.message}.`;
}

const trpc = initTRPC.context<Context>().create({
  isDev: false,
  errorFormatter({ shape, error }) {
    const { message, data } = describeFailure(error);
    const { code, httpStatus, path } = shape.data;
    return { ...shape, message, data: { code, httpStatus, path, ...data } };
  },
  // Pings let a client notice a dead stream; it opens a new one after eight seconds of silence.
  sse: { ping: { enabled: true, intervalMs: 2000 }, client: { reconnectAfterInactivityMs: 8000 } },
});

const refusals = trpc.middleware(async ({ next }) => {
  const result = await next();
  if (result.ok) return result;
  const refusal = toMeetingError(result.error.cause);
  throw refusal ? toTrpcError(refusal) : result.error;
});

/** A procedure that reports refusals to the client with their reason. */
export const publicProcedure = trpc.procedure.use(refusals);

export const { router } = trpc;

/** The same for the stream of a subscription, which outlives the middleware. */
export async function* refusing<Event>(events: AsyncGenerator<Event, void, void>): AsyncGenerator<Event, void, void> {
  try {
    yield* events;
  } catch (error) {
    const refusal = toMeetingError(error);
    throw refusal ? toTrpcError(refusal) : error;
  }
}
