import { MeetingRoom } from '@/app/_components/meeting/MeetingRoom';
import { type MeetingQuery, parseMeetingLink } from '@/app/_components/meeting/meetingLink';

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<MeetingQuery>;
}

export default async function MeetingPage({ params, searchParams }: Props) {
  const [{ id }, query] = await Promise.all([params, searchParams]);
  return <MeetingRoom meetingId={id.toLowerCase()} meetingRole="participant" link={parseMeetingLink(query)} />;
}
