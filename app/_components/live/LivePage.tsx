'use client';

import { useCallback, useEffect, useState } from 'react';
import { useLater } from '@/app/_hooks/useLater';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MessageKey } from '@/app/_i18n/messages';
import { parleyClient } from '@/app/_session/parleyClient';
import type { MarkStory } from '../brand/Mark';
import { StateScreen, WaitingScreen } from '../page/StateScreen';
import { ButtonLink } from '../ui/Button';
import type { Broadcast } from './findBroadcast';
import type { LiveParts } from './liveParts';

/** How soon it is looked again whether there is something to watch, and the most that grows to, ms. */
const LOOK_MS = 3000;
const LOOK_MOST_MS = 20_000;
const GROWTH = 1.4;

/** What the page shows; null until it is known. `ended`: what was watched is over. */
type Shown = Broadcast | { readonly kind: 'ended' } | null;

const loadParts = (): Promise<LiveParts> => import('./liveParts');

/** Looks for something to watch, and again as long as there is nothing. */
function useBroadcast(parts: LiveParts | null, meetingId: string): readonly [Shown, () => void] {
  const [shown, setShown] = useState<Shown>(null);
  const isWatching = shown?.kind === 'live';
  const isSettled = isWatching || shown?.kind === 'missing' || shown?.kind === 'off';
  useEffect(() => {
    if (!parts || isSettled) return;
    let timer = 0;
    let isCurrent = true;
    let waitMs = LOOK_MS;
    const look = async () => {
      const found = await parts.findBroadcast(meetingId, parleyClient());
      if (!isCurrent) {
        if (found.kind === 'live') found.feed.close();
        return;
      }
      const isNothing = found.kind === 'notLive' || found.kind === 'unreachable';
      setShown((before) => (before?.kind === 'ended' && isNothing ? before : found));
      if (!isNothing) return;
      // Thousands may wait: not all of them at the same moment.
      timer = window.setTimeout(() => void look(), waitMs * (0.75 + Math.random() / 2));
      waitMs = Math.min(LOOK_MOST_MS, waitMs * GROWTH);
    };
    void look();
    return () => {
      isCurrent = false;
      window.clearTimeout(timer);
    };
  }, [parts, meetingId, isSettled]);
  const feed = shown?.kind === 'live' ? shown.feed : null;
  useEffect(() => () => feed?.close(), [feed]);
  const end = useCallback(() => setShown({ kind: 'ended' }), []);
  return [shown, end];
}

const SCREENS: Readonly<Record<Exclude<NonNullable<Shown>['kind'], 'live'>, readonly [MarkStory, MessageKey]>> = {
  notLive: ['apart', 'live.notLive'],
  ended: ['away', 'live.ended'],
  missing: ['missing', 'failure.notFound'],
  off: ['outline', 'live.off'],
  unreachable: ['apart', 'live.unreachable'],
};

/** A meeting that is watched while it is recorded: the room, or why there is nothing to see. Follows what begins and ends. */
export function LivePage({ meetingId }: { meetingId: string }) {
  const { t } = useTranslator();
  const parts = useLater(loadParts);
  const [shown, end] = useBroadcast(parts, meetingId);
  function screen() {
    if (!parts || !shown) return <WaitingScreen />;
    if (shown.kind === 'live') return <parts.LiveRoom feed={shown.feed} onEnd={end} />;
    const [story, sentence] = SCREENS[shown.kind];
    const home = (
      <ButtonLink tone="accent" size="large" href="/">
        {t('common.home')}
      </ButtonLink>
    );
    return <StateScreen story={story} sentence={t(sentence)} action={home} />;
  }
  const news = shown && (shown.kind === 'live' ? t('live.mark') : t(SCREENS[shown.kind][1]));
  return (
    <>
      <p className="visuallyHidden" role="status">
        {news}
      </p>
      {screen()}
    </>
  );
}
