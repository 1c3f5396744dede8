'use client';

import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { type FormEvent, useId, useState, useSyncExternalStore } from 'react';
import { useReducedMotion } from '@/app/_hooks/useMediaQuery';
import { useSupportsWebgl } from '@/app/_hooks/useWebgl';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { recentMeetings } from '@/app/_memory/recentMeetings';
import { parseMeetingReference } from '@/lib/core/meetingId';
import { Mark } from '../brand/Mark';
import { Icon } from '../icons/Icon';
import { PageHeader } from '../page/PageHeader';
import { Preferences } from '../page/Preferences';
import { IconButton } from '../ui/IconButton';
import { SceneBoundary } from '../ui/SceneBoundary';
import styles from './HomeView.module.css';
import { NewMeeting } from './NewMeeting';
import openStyles from './OpenMeeting.module.css';
import recentStyles from './RecentMeetings.module.css';
import vignetteStyles from './Vignette.module.css';

/** Two avatars whose clothes stand out from the persimmon behind them. */
const PAIR = ['dayo', 'ada'] as const;

const HomeVignette = dynamic(
  () => import('@/scene/react/previews/HomeVignette').then((module) => module.HomeVignette),
  {
    ssr: false,
  },
);

/** Two avatars talking in late light, in a round window; the mark until they are drawn, or where they can't be. */
function Vignette() {
  const { t } = useTranslator();
  const reducedMotion = useReducedMotion();
  const supported = useSupportsWebgl();
  const [shown, setShown] = useState(false);
  return (
    <div className={vignetteStyles.table} role="img" aria-label={t('home.vignette')} data-shown={shown || undefined}>
      <div className={vignetteStyles.window}>
        <div className={vignetteStyles.sun} />
        <div className={vignetteStyles.still}>
          <Mark sizePx={220} />
        </div>
        {supported && (
          <SceneBoundary fallback={null} onFailed={() => setShown(false)}>
            <div className={vignetteStyles.scene}>
              <HomeVignette
                avatars={PAIR}
                reducedMotion={reducedMotion}
                onReady={() => setShown(true)}
                onUnsupported={() => setShown(false)}
              />
            </div>
          </SceneBoundary>
        )}
      </div>
    </div>
  );
}

/** Opens a meeting by its link or code. */
function OpenMeeting() {
  const { t } = useTranslator();
  const router = useRouter();
  const id = useId();
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);

  const open = (event: FormEvent) => {
    event.preventDefault();
    const meetingId = parseMeetingReference(text);
    if (meetingId) router.push(`/m/${meetingId}`);
    setWrong(!meetingId);
  };

  return (
    <form className={openStyles.form} onSubmit={open} noValidate>
      <label className={openStyles.label} htmlFor={id}>
        {t('home.reference')}
      </label>
      <div className={openStyles.row} data-wrong={wrong || undefined}>
        <input
          id={id}
          className={openStyles.input}
          placeholder={t('home.referencePlaceholder')}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={text}
          aria-invalid={wrong || undefined}
          aria-describedby={`${id}-error`}
          onChange={(event) => {
            setText(event.target.value);
            setWrong(false);
          }}
        />
        <button type="submit" className={openStyles.go} aria-label={t('home.open')}>
          <Icon name="arrowRight" sizePx={22} />
        </button>
      </div>
      <p id={`${id}-error`} className={openStyles.error} role="alert">
        {wrong && t('homeError.reference')}
      </p>
    </form>
  );
}

const SHOWN_MAX = 3;

/** The meetings this browser has been to, newest first. */
function RecentMeetings() {
  const { t, language } = useTranslator();
  const meetings = useSyncExternalStore(
    recentMeetings.subscribe,
    recentMeetings.getSnapshot,
    recentMeetings.getServerSnapshot,
  );
  if (meetings.length === 0) return null;
  const day = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' });
  return (
    <section className={recentStyles.recent} aria-label={t('home.recent')}>
      <h2 className={recentStyles.heading}>{t('home.recent')}</h2>
      <ul>
        {meetings.slice(0, SHOWN_MAX).map(({ id, title, visitedMs }) => (
          <li key={id} className={recentStyles.row}>
            <Link href={`/m/${id}`} className={recentStyles.link} prefetch={false}>
              <span className={recentStyles.title}>{title || id}</span>
              <time className={recentStyles.day} dateTime={new Date(visitedMs).toISOString()}>
                {day.format(visitedMs)}
              </time>
            </Link>
            <IconButton
              icon="close"
              label={t('home.remove', { title: title || id })}
              onClick={() => recentMeetings.remove(id)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The home page: one sentence, one button, one field, and two people talking. */
export function HomeView() {
  const { t } = useTranslator();
  return (
    <div className={styles.page}>
      <PageHeader>
        <Preferences />
      </PageHeader>
      <Vignette />
      <main className={styles.main}>
        <h1 className={styles.sentence}>{t('home.sentence')}</h1>
        <div className={styles.actions}>
          <NewMeeting />
          <OpenMeeting />
          <RecentMeetings />
        </div>
      </main>
      <footer className={styles.footer}>
        <a href="/third-party-notices.txt">{t('home.notices')}</a>
      </footer>
    </div>
  );
}
