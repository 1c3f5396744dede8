import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { meetingRouter } from '@/server/routers/meeting';
import { router } from '@/server/trpc';

/** The whole API. */
export const appRouter = router({ meeting: meetingRouter });

/** The API's type: all that clients know of the server. */
export type AppRouter = typeof appRouter;

/** What each procedure takes. */
export type AppInputs = inferRouterInputs<AppRouter>;

/** What each procedure gives. */
export type AppOutputs = inferRouterOutputs<AppRouter>;
