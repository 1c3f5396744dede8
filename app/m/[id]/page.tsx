import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { cache } from 'react';
import { MeetingPage } from '@/app/_components/meeting/MeetingPage';
import { type MeetingQuery, parseMeetingLink } from '@/app/_components/meeting/meetingLink';
import { requestTranslator } from '@/app/_i18n/requestTranslator';
import { lookUp, type MeetingLookup } from '@/app/_session/lookUp';
import { createParleyClient } from '@/lib/api';
import { CLIENT_IP_HEADER, findRuntime } from '@/server/runtime';

/** A valid address for the client; its requests never leave the process. */
const IN_PROCESS_URL = 'http://localhost';

/**
 * Looks a meeting up through the API and its rate limits, as the visitor's page would; once per request. Undefined where
 * Next alone serves the pages: then the page asks by itself.
 */
const findMeeting = cache(async (meetingId: string): Promise<MeetingLookup | undefined> => {
  const runtime = findRuntime();
  if (!runtime) return undefined;
  const ip = (await headers()).get(CLIENT_IP_HEADER) ?? '';
  const ask: typeof fetch = (target, init) => runtime.handleApi(new Request(target, init), { ip });
  return lookUp(createParleyClient({ url: IN_PROCESS_URL, fetch: ask }), meetingId);
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
  return found?.meeting ? { title: found.meeting.title || t('meeting.untitled') } : {};
}

export default async function Page({ params, searchParams }: Props) {
  const [id, query] = await Promise.all([meetingId(params), searchParams]);
  const found = await findMeeting(id);
  return <MeetingPage meetingId={id} meetingRole="participant" link={parseMeetingLink(query)} found={found} />;
}
