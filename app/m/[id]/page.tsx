import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { cache } from 'react';
import { MeetingRoom } from '@/app/_components/meeting/MeetingPage';
import { type MeetingQuery, parseMeetingLink } from '@/app/_components/meeting/meetingLink';
import { requestTranslator } from '@/app/_i18n/requestTranslator';
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

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<MeetingQuery>;
}

async function meetingId(params: Props['params']): Promise<string> {
  return (await params).id.toLowerCase();
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const found = await findMeeting(await meetingId(params));
  const { t } = await requestTranslator();
  return found?.meeting ? { title: found.meeting.title || t('lobby.untitled') } : {};
}

export default async function MeetingPage({ params, searchParams }: Props) {
  const [id, query] = await Promise.all([meetingId(params), searchParams]);
  const found = await findMeeting(id);
  return <MeetingRoom meetingId={id} meetingRole="participant" link={parseMeetingLink(query)} found={found} />;
}
