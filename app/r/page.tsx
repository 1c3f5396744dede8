import type { Metadata } from 'next';
import { ReplayPage } from '@/app/_components/replay/ReplayPage';
import { requestTranslator } from '@/app/_i18n/requestTranslator';

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await requestTranslator();
  return { title: t('replay.pageTitle') };
}

export default function Page() {
  return <ReplayPage right={null} startMs={0} />;
}
