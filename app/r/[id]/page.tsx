import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { ReplayPage } from '@/app/_components/replay/ReplayPage';
import { clockText, parseMoment } from '@/app/_components/replay/replayLink';
import { requestTranslator } from '@/app/_i18n/requestTranslator';
import { CLIENT_IP_HEADER, findRuntime, type RecordingCard } from '@/server/runtime';

/** More would be cut off anyway. */
const NAMES_MOST = 6;

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ t?: string | string[] }>;
}

/** What may be said of the recording where its link is shown: nothing to those whose link does not open it. */
async function findCard(right: string): Promise<RecordingCard | null> {
  const runtime = findRuntime();
  if (!runtime) return null;
  return runtime.findRecording(right, (await headers()).get(CLIENT_IP_HEADER) ?? '');
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { t, list, language } = await requestTranslator();
  const { id } = await params;
  const card = await findCard(id);
  // The address is a key: search engines and other sites must not learn it.
  const secret = { robots: 'noindex', referrer: 'no-referrer' } as const;
  if (!card) return { title: t('replay.pageTitle'), ...secret };
  const title = card.title || t('meeting.untitled');
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(card.startedAt),
  );
  const about = { date, length: clockText(card.durationS * 1000), names: list(card.names.slice(0, NAMES_MOST)) };
  const description = t(card.names.length > 0 ? 'replay.card' : 'replay.cardAlone', about);
  return {
    title,
    description,
    ...secret,
    openGraph: { title, description, images: [{ url: `/b/${id}/poster.jpg`, width: 1200, height: 630 }] },
    twitter: { card: 'summary_large_image' },
  };
}

export default async function Page({ params, searchParams }: Props) {
  const [{ id }, { t }] = await Promise.all([params, searchParams]);
  return <ReplayPage right={id} startMs={parseMoment(t)} />;
}
