import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { Language } from '@/app/_i18n/language';
import type { MessageKey, MessageValues, OpsKey } from '@/app/_i18n/messages';
import type { HistoryFigure } from '@/lib/core/site/siteHistory';

/** Texts and formats of the operators' page. */
export interface OpsText {
  readonly language: Language;
  t(key: OpsKey | MessageKey, values?: MessageValues): string;
  count(stem: 'ops.testSent', count: number): string;
  list(names: readonly string[]): string;
}

/** The texts below a provider that has those of the operators' page as well. */
export function useOpsText(): OpsText {
  return useTranslator() as unknown as OpsText;
}

const KILO = 1000;
const SIZES = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** Bytes with the unit that suits them, from kilobytes. */
export function sizeText(language: Language, sizeBytes: number): string {
  const power = sizeBytes < KILO ? 1 : Math.min(SIZES.length, Math.floor(Math.log10(sizeBytes) / 3));
  const value = sizeBytes / KILO ** power;
  const unit = SIZES[power - 1]!;
  const digits = value < 10 ? 1 : 0;
  return new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits: digits }).format(value);
}

/** How figures are measured. */
const UNITS: Partial<Readonly<Record<HistoryFigure, 'ms' | 'share' | 'bytes' | 'bytesPerSecond'>>> = {
  poseAgeMs: 'ms',
  eventLoopLagMs: 'ms',
  poseLostShare: 'share',
  sentBytesPerSecond: 'bytesPerSecond',
  memoryBytes: 'bytes',
  diskFreeBytes: 'bytes',
};

/** Whether a figure counts, in whole numbers. */
export function isCount(figure: HistoryFigure): boolean {
  return UNITS[figure] === undefined;
}

/** A figure with its unit. */
export function figureText(
  { t, language }: Pick<OpsText, 't' | 'language'>,
  figure: HistoryFigure,
  value: number | null,
): string {
  if (value === null) return t('ops.unknown');
  const number = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(language, options).format(value);
  switch (UNITS[figure]) {
    case 'ms':
      return number({ style: 'unit', unit: 'millisecond', maximumFractionDigits: value < 10 ? 1 : 0 });
    case 'share':
      return number({ style: 'percent', maximumFractionDigits: value < 0.01 ? 2 : 1 });
    case 'bytes':
      return sizeText(language, value);
    case 'bytesPerSecond':
      return t('ops.perSecond', { size: sizeText(language, value) });
    default:
      return number({ maximumFractionDigits: 0 });
  }
}

const DAY_MS = 86_400_000;

/** A moment: its time, and its day unless that is within the last twenty hours or so. */
export function momentText(language: Language, atMs: number, nowMs: number): string {
  const isRecent = nowMs - atMs < DAY_MS * 0.8;
  const day = isRecent ? {} : ({ month: 'short', day: 'numeric' } as const);
  return new Intl.DateTimeFormat(language, { ...day, hour: '2-digit', minute: '2-digit' }).format(atMs);
}
