import {
  changeInput,
  createInput,
  endInput,
  eventsInput,
  idInput,
  joinInput,
  leaveInput,
  stayInput,
} from '@/server/routers/meetingInputs';
import { publicProcedure, refusing, router } from '@/server/trpc';

/** Meetings over tRPC: each procedure validates and delegates to the service, where the rules are. */
export const meetingRouter = router({
  create: publicProcedure.input(createInput).mutation(({ ctx, input }) => ctx.meetings.create(input, ctx.caller)),

  join: publicProcedure.input(joinInput).mutation(({ ctx, input }) => ctx.meetings.join(input, ctx.caller)),

  get: publicProcedure.input(idInput).query(({ ctx, input }) => ctx.meetings.get(input.id, ctx.caller)),

  leave: publicProcedure.input(leaveInput).mutation(({ ctx, input }) => ctx.meetings.leave(input, ctx.caller)),

  end: publicProcedure.input(endInput).mutation(({ ctx, input }) => ctx.meetings.end(input, ctx.caller)),

  heartbeat: publicProcedure.input(stayInput).mutation(({ ctx, input }) => ctx.meetings.heartbeat(input, ctx.caller)),

  change: publicProcedure.input(changeInput).mutation(({ ctx, input }) => ctx.meetings.change(input, ctx.caller)),

  events: publicProcedure
    .input(eventsInput)
    .subscription(({ ctx, input, signal }) => refusing(ctx.meetings.watch(input, ctx.caller, signal))),
});
