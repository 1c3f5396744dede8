import type { Metadata } from 'next';
import { ReplayPage } from '@/app/_components/replay/ReplayPage';
import { parseMoment } from '@/app/_components/replay/replayLink';
import { requestTranslator } from '@/app/_i18n/requestTranslator';

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await requestTranslator();
  // The address is a key: search engines and other sites must not learn it.
  return { title: t('replay.pageTitle'), robots: 'noindex', referrer: 'no-referrer' };
}

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ t?: string | string[] }>;
}

export default async function Page({ params, searchParams }: Props) {
  const [{ id }, { t }] = await Promise.all([params, searchParams]);
  return <ReplayPage right={id} startMs={parseMoment(t)} />;
}
