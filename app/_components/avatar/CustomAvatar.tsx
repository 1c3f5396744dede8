'use client';

import { type ChangeEvent, useEffect, useRef, useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { Language } from '@/app/_i18n/language';
import type { AvatarKind } from '@/lib/avatarFile/humanoid/humanoid';
import type { AvatarLicence } from '@/lib/avatarFile/report/licence';
import { AVATAR_RANKS, type AvatarRank, type FigureRank } from '@/lib/avatarFile/report/ranks';
import type { AvatarReport } from '@/lib/avatarFile/report/report';
import { DEFAULT_AVATAR } from '@/lib/core/avatars';
import { Button } from '../ui/Button';
import { Problem } from '../ui/Problem';
import { type OwnAvatarState, useOwnAvatar } from './customAvatarState';
import licenceLinesStyles from './LicenceLines.module.css';
import ownAvatarStyles from './OwnAvatar.module.css';
import reportCardStyles from './ReportCard.module.css';

/** What a file says about itself: title, author, who may do what. Its own words are shown as plain text. */
function LicenceLines({ licence }: { licence: AvatarLicence }) {
  const { t, list } = useTranslator();
  const { title, authors, users, redistribution, name, url, copyright } = licence;
  const by = authors.length > 0 ? t('own.by', { authors: list(authors) }) : '';
  return (
    <div className={licenceLinesStyles.licence}>
      {(title || by) && (
        <p>
          <strong>{title}</strong> {by}
        </p>
      )}
      <p>
        {t(`ownUsers.${users}`)} {redistribution !== 'unstated' && t(`ownRedistribution.${redistribution}`)}
      </p>
      {copyright && <p className={licenceLinesStyles.small}>{copyright}</p>}
      {url ? (
        <a href={url} target="_blank" rel="noreferrer noopener">
          {name || t('own.licenceRead')}
        </a>
      ) : (
        name && <p className={licenceLinesStyles.small}>{name}</p>
      )}
    </div>
  );
}

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
    <span className={reportCardStyles.steps} aria-hidden="true" data-rank={rank}>
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
    <ul className={reportCardStyles.advice}>
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
function ReportCard({ report }: { report: AvatarReport }) {
  const { t, language } = useTranslator();
  const shown = report.ranks.filter(({ figure, rank }) => SHOWN.includes(figure) || rank === report.rank);
  return (
    <section className={reportCardStyles.card} aria-label={t('own.report')}>
      <header className={reportCardStyles.head}>
        <RankSteps rank={report.rank} />
        <span className={reportCardStyles.rank}>{t(`ownRank.${report.rank}`)}</span>
        <span className={reportCardStyles.kind}>{KIND_NAMES[report.kind]}</span>
      </header>
      <p className={reportCardStyles.meaning}>{t(`ownMeaning.${report.rank}`)}</p>
      <dl className={reportCardStyles.figures}>
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

const AVATAR_FILE = /\.(vrm|glb)$/i;

function avatarIn(event: DragEvent): File | undefined {
  return [...(event.dataTransfer?.files ?? [])].find(({ name }) => AVATAR_FILE.test(name));
}

/** Takes an avatar's file dropped anywhere on the page; other files go where they were dropped. Whether one is over it. */
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

interface OwnAvatarProps {
  /** What is worn now, a reference as `parseAvatarRef` reads it. */
  readonly avatar: string;
  onChange(avatar: string): void;
}

const STATUS = {
  empty: null,
  reading: 'own.reading',
  tooHeavy: null,
  asking: null,
  sending: 'own.sending',
  worn: 'own.worn',
} as const satisfies Record<OwnAvatarState['step'], string | null>;

/** Where somebody brings an avatar of their own: a file, what is to be said about it, and whether it is worn. */
export function OwnAvatar({ avatar, onChange }: OwnAvatarProps) {
  const { t } = useTranslator();
  const { state, choose, permit, clear } = useOwnAvatar(avatar, onChange);
  const over = useAvatarDrop(choose);
  const pick = ({ target }: ChangeEvent<HTMLInputElement>) => {
    const file = target.files?.[0];
    target.value = '';
    if (file) void choose(file);
  };
  const takeOff = () => {
    clear();
    if (state.step === 'worn') onChange(DEFAULT_AVATAR);
  };
  const isBusy = state.step === 'reading' || state.step === 'sending';
  const status = STATUS[state.step];
  const problem = 'problem' in state ? state.problem : null;
  const hasReport = 'report' in state;
  return (
    <div className={ownAvatarStyles.own}>
      <label className={ownAvatarStyles.drop} data-over={over || undefined} data-small={hasReport || undefined}>
        <input className="visuallyHidden" type="file" accept=".vrm,.glb,model/gltf-binary" onChange={pick} />
        <span className={ownAvatarStyles.words}>
          <span className={ownAvatarStyles.name}>{('fileName' in state && state.fileName) || t('own.hint')}</span>
          {!hasReport && <span className={ownAvatarStyles.more}>{t('own.limits')}</span>}
        </span>
        <span className={ownAvatarStyles.choose}>{t(hasReport ? 'own.replace' : 'own.choose')}</span>
      </label>
      <p className={ownAvatarStyles.status} role="status" data-busy={isBusy || undefined}>
        {status && t(status)}
      </p>
      <Problem sentence={problem && t(problem.key, problem.values)} />
      {'report' in state && <ReportCard report={state.report} />}
      {state.step === 'asking' && (
        <div className={ownAvatarStyles.ask}>
          <p>{t('own.permissionAsk')}</p>
          <Button tone="accent" onClick={permit}>
            {t('own.permissionGive')}
          </Button>
        </div>
      )}
      {hasReport && (
        <button type="button" className={ownAvatarStyles.remove} onClick={takeOff}>
          {t(state.step === 'worn' ? 'own.takeOff' : 'own.cancel')}
        </button>
      )}
    </div>
  );
}
