import { useCallback, useEffect, useRef, useState } from 'react';
import { ParleyApiError } from '@/lib/api';
import type { OpsClient, OverseenMeetings, OverseenRecordings, SiteOverview } from '@/lib/api/opsClient';
import type { HistorySpan, SiteHistory } from '@/lib/core/site/siteHistory';

const LOOK_MS = 5_000;
/** Plots and recordings change slowly: they are asked for with every third look. */
const SLOW_LOOKS = 3;

/** What is wrong with a look at the site: nothing, or what a sentence of the page names. */
export type SiteTrouble = 'forbidden' | 'tooManyRequests' | 'database' | 'unreachable' | null;

/** What is known of the site; null until it is. */
export interface KnownSite {
  readonly overview: SiteOverview | null;
  readonly meetings: OverseenMeetings | null;
  readonly recordings: OverseenRecordings | null;
  readonly history: SiteHistory | null;
  /** When the site last answered, Unix ms. */
  readonly atMs: number | null;
  readonly trouble: SiteTrouble;
}

const NOTHING: KnownSite = {
  overview: null,
  meetings: null,
  recordings: null,
  history: null,
  atMs: null,
  trouble: null,
};

function troubleOf(error: unknown): SiteTrouble {
  const reason = error instanceof ParleyApiError ? error.reason : 'offline';
  if (reason === 'forbidden' || reason === 'badInput') return 'forbidden';
  if (reason === 'tooManyRequests') return reason;
  return reason === 'unavailable' ? 'database' : 'unreachable';
}

/** The parts that were answered, and the first thing that was wrong with the others. */
async function look(client: OpsClient, span: HistorySpan, isSlow: boolean): Promise<Partial<KnownSite>> {
  let trouble: SiteTrouble = null;
  const ask = async <Part>(part: Promise<Part>): Promise<Part | undefined> => {
    try {
      return await part;
    } catch (error) {
      trouble ??= troubleOf(error);
      return undefined;
    }
  };
  const overview = await ask(client.overview());
  if (overview === undefined) return { trouble };
  const [meetings, recordings, history] = await Promise.all([
    ask(client.meetings()),
    isSlow ? ask(client.recordings()) : undefined,
    isSlow ? ask(client.history(span)) : undefined,
  ]);
  return {
    overview,
    ...(meetings && { meetings }),
    ...(recordings && { recordings }),
    ...(history && { history }),
    atMs: Date.now(),
    trouble,
  };
}

/** Looks at the site now and every five seconds while the page is visible; `again` looks at once. What is not answered stays. */
export function useSite(client: OpsClient, span: HistorySpan): { readonly site: KnownSite; again(): void } {
  const [site, setSite] = useState(NOTHING);
  const again = useRef(() => {});
  useEffect(() => {
    let isCurrent = true;
    let timer = 0;
    let looks = 0;
    let latest = 0;
    const lookNow = async () => {
      window.clearTimeout(timer);
      latest += 1;
      const own = latest;
      const found = await look(client, span, looks % SLOW_LOOKS === 0);
      // A later look has begun meanwhile, or another span is wanted.
      if (!isCurrent || own !== latest) return;
      looks += 1;
      setSite((before) => ({ ...before, ...found }));
      if (!document.hidden && found.trouble !== 'forbidden') timer = window.setTimeout(() => void lookNow(), LOOK_MS);
    };
    const lookAfresh = () => {
      looks = 0;
      if (!document.hidden) void lookNow();
    };
    again.current = lookAfresh;
    document.addEventListener('visibilitychange', lookAfresh);
    lookAfresh();
    return () => {
      isCurrent = false;
      window.clearTimeout(timer);
      document.removeEventListener('visibilitychange', lookAfresh);
    };
  }, [client, span]);
  return { site, again: useCallback(() => again.current(), []) };
}
