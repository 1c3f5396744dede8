import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { cache } from 'react';
import { MeetingPage } from '@/app/_components/meeting/MeetingPage';
import { type MeetingQuery, parseMeetingLink } from '@/app/_components/meeting/meetingLink';
import { requestTranslator } from '@/app/_i18n/requestTranslator';
import { lookUp, type MeetingLookup } from '@/app/_session/lookUp';
import { ParleyApiError } from '@/lib/api';
import { CLIENT_IP_HEADER, findRuntime } from '@/server/runtime';

/**
 * Looks a meeting up as its visitor's page would, under the API's limits, once a request. Undefined if Next alone serves
 * the pages: then the page asks for itself.
 */
const findMeeting = cache(async (meetingId: string): Promise<MeetingLookup | undefined> => {
  const runtime = findRuntime();
  if (!runtime) return undefined;
  const ip = (await headers()).get(CLIENT_IP_HEADER) ?? '';
  return lookUp(async () => {
    const answer = await runtime.findMeeting(meetingId, ip);
    if ('meeting' in answer) return answer.meeting;
    throw new ParleyApiError(answer.refusal.data, answer.refusal.message);
  });
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
  const link = parseMeetingLink(query, findRuntime()?.isKiosk);
  return <MeetingPage meetingId={id} meetingRole="participant" link={link} found={found} />;
}
