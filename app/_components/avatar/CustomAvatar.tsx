'use client';

import { useEffect, useRef, useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { Language } from '@/app/_i18n/language';
import { type UploadTarget, uploadTo } from '@/app/_session/visit';
import type { AvatarKind } from '@/lib/avatarFile/humanoid';
import type { AvatarLicence } from '@/lib/avatarFile/report/licence';
import { AVATAR_RANKS, type AvatarRank, type FigureRank } from '@/lib/avatarFile/report/ranks';
import type { AvatarReport } from '@/lib/avatarFile/report/report';
import { DEFAULT_AVATAR } from '@/lib/core/avatars';
import { Button } from '../ui/Button';
import { DropZone } from '../ui/DropZone';
import { Problem } from '../ui/Problem';
import styles from './CustomAvatar.module.css';
import { type CustomAvatarState, useCustomAvatar } from './customAvatarState';
import licenceStyles from './LicenceLines.module.css';
import reportStyles from './ReportCard.module.css';

/** The licence as the file states it: title, author, permissions. Its words are shown as plain text. */
function LicenceLines({ licence }: { licence: AvatarLicence }) {
  const { t, list } = useTranslator();
  const { title, authors, users, redistribution, name, url, copyright } = licence;
  const by = authors.length > 0 ? t('custom.by', { authors: list(authors) }) : '';
  return (
    <div className={licenceStyles.licence}>
      {(title || by) && (
        <p>
          <strong>{title}</strong> {by}
        </p>
      )}
      <p>
        {t(`licenceUsers.${users}`)} {redistribution !== 'unstated' && t(`licenceRedistribution.${redistribution}`)}
      </p>
      {copyright && <p className={licenceStyles.small}>{copyright}</p>}
      {url ? (
        <a href={url} target="_blank" rel="noreferrer noopener">
          {name || t('custom.licenceRead')}
        </a>
      ) : (
        name && <p className={licenceStyles.small}>{name}</p>
      )}
    </div>
  );
}

/** Proper names, the same in every language. */
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
  // Small amounts would be rounded to zero.
  if (figure === 'sizeBytes')
    return value < 100_000 ? `${format(value / 1000)} kB` : `${format(value / 1_000_000, 1)} MB`;
  if (figure === 'texturePixels' && value >= 100_000) return `${format(value / 1_048_576, 1)} MP`;
  return figure === 'textureSidePx' ? `${format(value)} px` : format(value);
}

/** Five steps; the easier the avatar is to draw, the more are lit. */
function RankSteps({ rank }: { rank: AvatarRank }) {
  const lit = AVATAR_RANKS.length - 1 - AVATAR_RANKS.indexOf(rank);
  return (
    <span className={reportStyles.steps} aria-hidden="true" data-rank={rank}>
      {AVATAR_RANKS.slice(1).map((step, index) => (
        <span key={step} data-lit={index < lit || undefined} />
      ))}
    </span>
  );
}

/** The next threshold for each of the figures that give the avatar its rank. */
function Advice({ report }: { report: AvatarReport }) {
  const { t, language } = useTranslator();
  const holding = report.ranks.filter(({ rank, next }) => rank === report.rank && next !== null);
  return (
    <ul className={reportStyles.advice}>
      {holding.map((figure) => (
        <li key={figure.figure}>
          {t('custom.advice', {
            figure: t(`avatarFigure.${figure.figure}`),
            number: amount(figure, figure.next!.atMost, language),
            rank: t(`avatarRank.${figure.next!.rank}`),
          })}
        </li>
      ))}
    </ul>
  );
}

/** What to know about an avatar before wearing it: how heavy it is, what would make it lighter, its licence. */
function ReportCard({ report }: { report: AvatarReport }) {
  const { t, language } = useTranslator();
  const shown = report.ranks.filter(({ figure, rank }) => SHOWN.includes(figure) || rank === report.rank);
  return (
    <section className={reportStyles.card} aria-label={t('custom.report')}>
      <header className={reportStyles.head}>
        <RankSteps rank={report.rank} />
        <span className={reportStyles.rank}>{t(`avatarRank.${report.rank}`)}</span>
        <span className={reportStyles.kind}>{KIND_NAMES[report.kind]}</span>
      </header>
      <p className={reportStyles.meaning}>{t(`avatarRankMeans.${report.rank}`)}</p>
      <dl className={reportStyles.figures}>
        {shown.map((figure) => (
          <div key={figure.figure} data-rank={figure.rank}>
            <dt>{t(`avatarFigure.${figure.figure}`)}</dt>
            <dd>{amount(figure, figure.value, language)}</dd>
          </div>
        ))}
      </dl>
      {report.rank !== 'excellent' && <Advice report={report} />}
      <LicenceLines licence={report.licence} />
    </section>
  );
}

const AVATAR_FILE = /\.(vrm|glb)$/i;

function avatarIn(event: DragEvent): File | undefined {
  return [...(event.dataTransfer?.files ?? [])].find(({ name }) => AVATAR_FILE.test(name));
}

/** Takes an avatar file dropped anywhere on the page and ignores other files. Returns whether a file is held over the page. */
function useAvatarDrop(onFile: (file: File) => void): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(onFile);
  latest.current = onFile;
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const enter = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      setOver(false);
      const file = avatarIn(event);
      if (!file) return;
      event.preventDefault();
      latest.current(file);
    };
    window.addEventListener('dragover', enter, { signal });
    window.addEventListener('dragleave', leave, { signal });
    window.addEventListener('drop', drop, { signal });
    return () => stop.abort();
  }, []);
  return over;
}

interface CustomAvatarProps {
  /** The current avatar, a reference as `parseAvatarRef` reads it. */
  readonly avatar: string;
  readonly upload: UploadTarget;
  onChange(avatar: string): void;
}

const STATUS = {
  empty: null,
  reading: 'custom.reading',
  tooHeavy: null,
  asking: null,
  sending: 'custom.sending',
  worn: 'custom.worn',
} as const satisfies Record<CustomAvatarState['step'], string | null>;

/** Takes a custom avatar: its file, the report on it, and whether it is worn. */
export function CustomAvatar({ avatar, upload, onChange }: CustomAvatarProps) {
  const { t } = useTranslator();
  const { state, choose, permit, clear } = useCustomAvatar(avatar, uploadTo(upload), onChange);
  const over = useAvatarDrop(choose);
  const takeOff = () => {
    clear();
    if (state.step === 'worn') onChange(DEFAULT_AVATAR);
  };
  const isBusy = state.step === 'reading' || state.step === 'sending';
  const status = STATUS[state.step];
  const problem = 'problem' in state ? state.problem : null;
  const hasReport = 'report' in state;
  return (
    <div className={styles.own}>
      <DropZone
        accept=".vrm,.glb,model/gltf-binary"
        name={('fileName' in state && state.fileName) || t('custom.hint')}
        more={hasReport ? null : t('custom.limits')}
        choose={t(hasReport ? 'custom.replace' : 'custom.choose')}
        isOver={over}
        isTall={!hasReport}
        onFile={choose}
      />
      <p className={styles.status} role="status" data-busy={isBusy || undefined}>
        {status && t(status)}
      </p>
      <Problem sentence={problem && t(problem.key, problem.values)} />
      {'report' in state && <ReportCard report={state.report} />}
      {state.step === 'asking' && (
        <div className={styles.ask}>
          <p>{t('custom.permissionAsk')}</p>
          <Button tone="accent" onClick={permit}>
            {t('custom.permissionGive')}
          </Button>
        </div>
      )}
      {hasReport && (
        <button type="button" className={styles.remove} onClick={takeOff}>
          {t(state.step === 'worn' ? 'custom.takeOff' : 'common.cancel')}
        </button>
      )}
    </div>
  );
}
