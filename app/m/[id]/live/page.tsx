import type { Metadata } from 'next';
import { LivePage } from '@/app/_components/live/LivePage';
import { requestTranslator } from '@/app/_i18n/requestTranslator';

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await requestTranslator();
  return { title: t('live.pageTitle') };
}

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <LivePage meetingId={id.toLowerCase()} />;
}
