'use client';

import type { ChangeEvent } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { DEFAULT_AVATAR } from '@/lib/core/avatars';
import { Button } from '../../ui/Button';
import { Problem } from '../../ui/Problem';
import styles from './OwnAvatar.module.css';
import type { OwnAvatarState } from './ownAvatarState';
import { ReportCard } from './ReportCard';
import { useAvatarDrop } from './useAvatarDrop';
import { useOwnAvatar } from './useOwnAvatar';

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
    <div className={styles.own}>
      <label className={styles.drop} data-over={over || undefined} data-small={hasReport || undefined}>
        <input className="visuallyHidden" type="file" accept=".vrm,.glb,model/gltf-binary" onChange={pick} />
        <span className={styles.words}>
          <span className={styles.name}>{('fileName' in state && state.fileName) || t('own.hint')}</span>
          {!hasReport && <span className={styles.more}>{t('own.limits')}</span>}
        </span>
        <span className={styles.choose}>{t(hasReport ? 'own.replace' : 'own.choose')}</span>
      </label>
      <p className={styles.status} role="status" data-busy={isBusy || undefined}>
        {status && t(status)}
      </p>
      <Problem sentence={problem && t(problem.key, problem.values)} />
      {'report' in state && <ReportCard report={state.report} />}
      {state.step === 'asking' && (
        <div className={styles.ask}>
          <p>{t('own.permissionAsk')}</p>
          <Button tone="accent" onClick={permit}>
            {t('own.permissionGive')}
          </Button>
        </div>
      )}
      {hasReport && (
        <button type="button" className={styles.remove} onClick={takeOff}>
          {t(state.step === 'worn' ? 'own.takeOff' : 'own.cancel')}
        </button>
      )}
    </div>
  );
}
