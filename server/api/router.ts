import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { z } from 'zod';
import { DEPLOYMENT_FAULTS } from '@/lib/core/deploymentFault';
import { RECONNECTS_REPORTED_MAX, REPORTED_MAX_MS, SEATS_MAX, SEATS_MIN } from '@/lib/core/meeting';
import { MEETING_ID_PATTERN } from '@/lib/core/meetingId';
import { publicProcedure, refusing, router } from './trpc';

/** Longest text accepted before it is cleaned, in UTF-16 units. */
const TEXT_MAX = 2000;

const SEATS = `must be a whole number from ${SEATS_MIN} to ${SEATS_MAX}`;

const id = z
  .string('must be a text')
  .regex(MEETING_ID_PATTERN, 'must be 3 to 64 small letters, digits and hyphens (a-z, 0-9, -)');

const text = z.string('must be a text').max(TEXT_MAX, `must have at most ${TEXT_MAX} characters`);

/** A bearer secret. Anything longer than ours is refused before it is hashed. */
const secret = z.string('must be a text').min(1, 'must not be empty').max(128, 'must have at most 128 characters');

const identity = secret.min(16, 'must be a secret of at least 16 characters');

const createInput = z
  .object({
    title: text.optional(),
    maxParticipants: z.int(SEATS).min(SEATS_MIN, SEATS).max(SEATS_MAX, SEATS).optional(),
    id: id.optional(),
    recordingStart: z.enum(['byHost', 'always'], 'must be byHost or always').optional(),
    recordingConsent: z.enum(['tell', 'ask'], 'must be tell or ask').optional(),
  })
  .prefault({});

const joinInput = z.object({
  id,
  role: z.enum(['participant', 'spectator'], 'must be participant or spectator'),
  name: text.optional(),
  avatar: text.optional(),
  identity: identity.optional(),
});

const stayInput = z.object({ id, stayToken: secret });

const reportedMs = z.number('must be a number').min(0, 'must be 0 or more').max(REPORTED_MAX_MS, 'is too long');

const reconnect = z.object({ kind: z.enum(['link', 'stay'], 'must be link or stay'), tookMs: reportedMs });

const report = z.object({
  poseAgeMs: reportedMs.optional(),
  poseLostShare: z.number('must be a number').min(0, 'must be 0 to 1').max(1, 'must be 0 to 1').optional(),
  joinedAfterMs: reportedMs.optional(),
  reconnects: z.array(reconnect).max(RECONNECTS_REPORTED_MAX, `has more than ${RECONNECTS_REPORTED_MAX}`).optional(),
});

const heartbeatInput = stayInput.extend({ report: report.optional() });

const leaveInput = stayInput.extend({ closing: z.boolean('must be true or false').optional() });

/** Jitsi's ids are eight hex digits; a deployment of another make may have longer ones. */
const endpointId = z.string('must be a text').regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, _, . and -');

/** What an XMPP server calls a session: at most 128 characters of any kind (XEP-0421). */
const occupantId = z.string('must be a text').regex(/^\P{C}{1,128}$/u, 'must be 1 to 128 visible characters');

const claimInput = stayInput.extend({ endpointId, occupantId: occupantId.nullish() });

/** What a server of the deployment said, or where. */
const said = z.string('must be a text').max(200, 'must have at most 200 characters');

const faultInput = stayInput.extend({
  fault: z.enum(DEPLOYMENT_FAULTS, `must be one of ${DEPLOYMENT_FAULTS.join(', ')}`),
  said: said.optional(),
});

const changeInput = stayInput.extend({ name: text.optional(), avatar: text.optional() });

/** Meetings over tRPC: each procedure validates and delegates to the service, which holds the rules. */
const meetingRouter = router({
  create: publicProcedure.input(createInput).mutation(({ ctx, input }) => ctx.meetings.create(input, ctx.caller)),

  join: publicProcedure.input(joinInput).mutation(({ ctx, input }) => ctx.meetings.join(input, ctx.caller)),

  get: publicProcedure.input(z.object({ id })).query(({ ctx, input }) => ctx.meetings.get(input.id, ctx.caller)),

  leave: publicProcedure.input(leaveInput).mutation(({ ctx, input }) => ctx.meetings.leave(input, ctx.caller)),

  end: publicProcedure
    .input(z.object({ id, hostToken: secret }))
    .mutation(({ ctx, input }) => ctx.meetings.end(input, ctx.caller)),

  heartbeat: publicProcedure
    .input(heartbeatInput)
    .mutation(({ ctx, input }) => ctx.meetings.heartbeat(input, ctx.caller)),

  change: publicProcedure.input(changeInput).mutation(({ ctx, input }) => ctx.meetings.change(input, ctx.caller)),

  claim: publicProcedure.input(claimInput).mutation(({ ctx, input }) => ctx.meetings.claim(input, ctx.caller)),

  reportFault: publicProcedure
    .input(faultInput)
    .mutation(({ ctx, input }) => ctx.meetings.reportFault(input, ctx.caller)),

  events: publicProcedure
    .input(z.object({ id }))
    .subscription(({ ctx: { meetings, caller, stayToken }, input: { id }, signal }) =>
      refusing(meetings.watch({ id, stayToken }, caller, signal)),
    ),
});

/** What says that a caller may do this: the host's token, or a right that was signed here. */
const access = { hostToken: secret.optional(), right: secret.optional() };

const DAYS = 'must be a whole number from 1 to 365';

const days = z.int(DAYS).min(1, DAYS).max(365, DAYS).optional();

const recordedInput = z.object({ id, ...access });

/** A meeting's id, or a recording's, which has the form of one. Calls that only read are mutations too: addresses get logged. */
const recordingRouter = router({
  start: publicProcedure.input(recordedInput).mutation(({ ctx, input }) => ctx.recordings.start(input, ctx.caller)),

  stop: publicProcedure.input(recordedInput).mutation(({ ctx, input }) => ctx.recordings.stop(input, ctx.caller)),

  list: publicProcedure.input(recordedInput).mutation(({ ctx, input }) => ctx.recordings.list(input, ctx.caller)),

  live: publicProcedure.input(z.object({ id })).query(({ ctx, input }) => ctx.recordings.live(input, ctx.caller)),

  get: publicProcedure.input(recordedInput).mutation(({ ctx, input }) => ctx.recordings.get(input, ctx.caller)),

  delete: publicProcedure.input(recordedInput).mutation(({ ctx, input }) => ctx.recordings.delete(input, ctx.caller)),

  share: publicProcedure
    .input(recordedInput.extend({ to: z.enum(['watch', 'manage'], 'must be watch or manage').optional(), days }))
    .mutation(({ ctx, input }) => ctx.recordings.share(input, ctx.caller)),

  permit: publicProcedure
    .input(z.object({ id, hostToken: secret, days }))
    .mutation(({ ctx, input }) => ctx.recordings.permit(input, ctx.caller)),

  agree: publicProcedure
    .input(stayInput.extend({ agrees: z.boolean('must be true or false') }))
    .mutation(({ ctx, input }) => ctx.recordings.agree(input, ctx.caller)),
});

const opsToken = z.string('must be a text').min(1, 'must not be empty').max(256, 'must have at most 256 characters');

const opsInput = z.object({ opsToken });

const sha256 = z.string('must be a text').regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of a file: 64 of 0-9 and a-f');

const testAlertInput = opsInput.extend({
  url: z
    .url({ protocol: /^https?$/, error: 'must be an address' })
    .max(2000)
    .optional(),
});

const spanInput = opsInput.extend({ span: z.enum(['1h', '24h', '7d'], 'must be 1h, 24h or 7d') });

/** For those who run the site. Calls that only read are mutations too: addresses get logged. */
const opsRouter = router({
  overview: publicProcedure.input(opsInput).mutation(({ ctx, input }) => ctx.ops.overview(input, ctx.caller)),

  history: publicProcedure.input(spanInput).mutation(({ ctx, input }) => ctx.ops.history(input, ctx.caller)),

  meetings: publicProcedure.input(opsInput).mutation(({ ctx, input }) => ctx.ops.meetings(input, ctx.caller)),

  endMeeting: publicProcedure
    .input(opsInput.extend({ id }))
    .mutation(({ ctx, input }) => ctx.ops.endMeeting(input, ctx.caller)),

  removePerson: publicProcedure
    .input(opsInput.extend({ id, personId: secret }))
    .mutation(({ ctx, input }) => ctx.ops.removePerson(input, ctx.caller)),

  recordings: publicProcedure.input(opsInput).mutation(({ ctx, input }) => ctx.ops.recordings(input, ctx.caller)),

  deleteRecording: publicProcedure
    .input(opsInput.extend({ id }))
    .mutation(({ ctx, input }) => ctx.ops.deleteRecording(input, ctx.caller)),

  deleteAvatar: publicProcedure
    .input(opsInput.extend({ sha256 }))
    .mutation(({ ctx, input }) => ctx.ops.deleteAvatar(input, ctx.caller)),

  drain: publicProcedure
    .input(opsInput)
    .mutation(({ ctx, input }) => ctx.ops.drain({ ...input, isOn: true }, ctx.caller)),

  undrain: publicProcedure
    .input(opsInput)
    .mutation(({ ctx, input }) => ctx.ops.drain({ ...input, isOn: false }, ctx.caller)),

  testAlert: publicProcedure.input(testAlertInput).mutation(({ ctx, input }) => ctx.ops.testAlert(input, ctx.caller)),
});

/** The whole API. */
export const appRouter = router({ meeting: meetingRouter, recording: recordingRouter, ops: opsRouter });

/** The API's type: all that clients know of the server. */
export type AppRouter = typeof appRouter;

/** The input of each procedure. */
export type AppInputs = inferRouterInputs<AppRouter>;

/** The output of each procedure. */
export type AppOutputs = inferRouterOutputs<AppRouter>;
