import { headers } from 'next/headers';
import { cache } from 'react';
import { lookUp, type MeetingLookup } from '@/app/_session/lookUp';
import { createParleyClient } from '@/lib/api';
import { CLIENT_IP_HEADER, findRuntime } from '@/server/runtime';

/** No request leaves the process: the address only has to be one. */
const ONESELF = 'http://localhost';

/**
 * Looks a meeting up as its visitor's page would, by the API and its limits, once a request. Undefined where the pages
 * are served by Next alone: then the page asks by itself.
 */
export const findMeeting = cache(async (meetingId: string): Promise<MeetingLookup | undefined> => {
  const runtime = findRuntime();
  if (!runtime) return undefined;
  const ip = (await headers()).get(CLIENT_IP_HEADER) ?? '';
  const ask: typeof fetch = (target, init) => runtime.handleApi(new Request(target, init), { ip });
  return lookUp(createParleyClient({ url: ONESELF, fetch: ask }), meetingId);
});
