import { constants, setPriority } from 'node:os';
import { obey } from '../hub/processLink';
import { Audience, type ViewerFigures } from './viewers';

/** `start`: lets so many viewers come; `take`: gives the figures since the last order. */
export type ViewerOrder =
  | { readonly kind: 'start'; readonly filesUrl: string; readonly count: number; readonly spreadMs: number }
  | { readonly kind: 'take' };

// Viewers have machines of their own: what a thousand cost here must not count as what they cost the meeting.
setPriority(constants.priority.PRIORITY_LOW);

let audience: Audience | null = null;

obey<ViewerOrder, ViewerFigures | null>(async (order) => {
  if (order.kind === 'take') return audience?.take() ?? null;
  audience = new Audience(order.filesUrl, order.count);
  await audience.start(order.spreadMs);
  return null;
});
