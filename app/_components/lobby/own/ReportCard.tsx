import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { Language } from '@/app/_i18n/language';
import type { AvatarKind } from '@/lib/avatarFile/humanoid/humanoid';
import { AVATAR_RANKS, type AvatarRank, type FigureRank } from '@/lib/avatarFile/report/ranks';
import type { AvatarReport } from '@/lib/avatarFile/report/report';
import { LicenceLines } from './LicenceLines';
import styles from './ReportCard.module.css';

/** Names of what they are, in every language the same. */
const KIND_NAMES: Readonly<Record<AvatarKind, string>> = {
  vrm0: 'VRM 0.x',
  vrm1: 'VRM 1.0',
  mixamo: 'Mixamo',
  readyPlayerMe: 'Ready Player Me',
};

const SHOWN: readonly FigureRank['figure'][] = ['triangles', 'materials', 'joints', 'texturePixels', 'sizeBytes'];

function amount({ figure }: Pick<FigureRank, 'figure'>, value: number, language: Language): string {
  const format = (number: number, digits = 0) =>
    new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(number);
  // Small amounts would be rounded to nothing.
  if (figure === 'sizeBytes')
    return value < 100_000 ? `${format(value / 1000)} kB` : `${format(value / 1_000_000, 1)} MB`;
  if (figure === 'texturePixels' && value >= 100_000) return `${format(value / 1_048_576, 1)} MP`;
  return figure === 'textureSidePx' ? `${format(value)} px` : format(value);
}

/** Five steps, as many lit as the avatar is easy to draw. */
function RankSteps({ rank }: { rank: AvatarRank }) {
  const lit = AVATAR_RANKS.length - 1 - AVATAR_RANKS.indexOf(rank);
  return (
    <span className={styles.steps} aria-hidden="true" data-rank={rank}>
      {AVATAR_RANKS.slice(1).map((step, index) => (
        <span key={step} data-lit={index < lit || undefined} />
      ))}
    </span>
  );
}

/** What to come down to, for the figures that hold the avatar back most. */
function Advice({ report }: { report: AvatarReport }) {
  const { t, language } = useTranslator();
  const holding = report.ranks.filter(({ rank, next }) => rank === report.rank && next !== null);
  return (
    <ul className={styles.advice}>
      {holding.map((figure) => (
        <li key={figure.figure}>
          {t('own.advice', {
            figure: t(`ownFigure.${figure.figure}`),
            number: amount(figure, figure.next!.atMost, language),
            rank: t(`ownRank.${figure.next!.rank}`),
          })}
        </li>
      ))}
    </ul>
  );
}

/** What there is to know about an avatar before it is worn: how heavy it is, what would make it lighter, its licence. */
export function ReportCard({ report }: { report: AvatarReport }) {
  const { t, language } = useTranslator();
  const shown = report.ranks.filter(({ figure, rank }) => SHOWN.includes(figure) || rank === report.rank);
  return (
    <section className={styles.card} aria-label={t('own.report')}>
      <header className={styles.head}>
        <RankSteps rank={report.rank} />
        <span className={styles.rank}>{t(`ownRank.${report.rank}`)}</span>
        <span className={styles.kind}>{KIND_NAMES[report.kind]}</span>
      </header>
      <p className={styles.meaning}>{t(`ownMeaning.${report.rank}`)}</p>
      <dl className={styles.figures}>
        {shown.map((figure) => (
          <div key={figure.figure} data-rank={figure.rank}>
            <dt>{t(`ownFigure.${figure.figure}`)}</dt>
            <dd>{amount(figure, figure.value, language)}</dd>
          </div>
        ))}
      </dl>
      {report.rank !== 'excellent' && <Advice report={report} />}
      <LicenceLines licence={report.licence} />
    </section>
  );
}
