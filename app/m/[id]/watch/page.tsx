import type { Metadata } from 'next';
import { MeetingPage } from '@/app/_components/meeting/MeetingPage';
import { EMPTY_LINK } from '@/app/_components/meeting/meetingLink';
import { requestTranslator } from '@/app/_i18n/requestTranslator';

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await requestTranslator();
  return { title: t('page.watchTitle') };
}

export default async function WatchPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <MeetingPage meetingId={id.toLowerCase()} meetingRole="spectator" link={EMPTY_LINK} />;
}
