'use client';

import { useNowMs } from '@/app/_hooks/useNowMs';
import { useTranslator } from '@/app/_i18n/I18nProvider';

const HOUR_S = 3600;
const MINUTE_S = 60;

/** Seconds as a clock reads them: `0:07`, `12:34`, `1:02:03`. */
export function formatElapsed(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / HOUR_S);
  const minutes = Math.floor((whole % HOUR_S) / MINUTE_S);
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % MINUTE_S)}` : `${minutes}:${two(whole % MINUTE_S)}`;
}

/** The time since `sinceMs` (epoch milliseconds), ticking. */
export function Elapsed({ sinceMs }: { sinceMs: number }) {
  const { t } = useTranslator();
  const nowMs = useNowMs(1000);
  return (
    <span role="timer" aria-label={t('meeting.elapsed')}>
      {formatElapsed(nowMs === null ? 0 : (nowMs - sinceMs) / 1000)}
    </span>
  );
}
