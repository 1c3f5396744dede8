import type { Metadata } from 'next';
import { MeetingRoom } from '@/app/_components/meeting/MeetingRoom';
import { type MeetingQuery, parseMeetingLink } from '@/app/_components/meeting/meetingLink';
import { requestTranslator } from '@/app/_i18n/requestTranslator';
import { findMeeting } from './findMeeting';

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
