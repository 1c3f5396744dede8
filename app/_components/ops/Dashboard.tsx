'use client';

import { useCallback, useEffect, useMemo, useState } from 'react';
import type { OpsKey } from '@/app/_i18n/messages';
import { ParleyApiError } from '@/lib/api';
import type { OpsClient, SiteOverview } from '@/lib/api/opsClient';
import { HISTORY_SPANS, type HistoryFigure, type HistorySpan } from '@/lib/core/site/siteHistory';
import { Button } from '../ui/Button';
import { Problem } from '../ui/Problem';
import { Segment, Segments } from '../ui/Segments';
import { Ask, type Deed } from './Ask';
import { Meetings, Recordings } from './lists';
import styles from './OpsPage.module.css';
import { figureText, momentText, useOpsText } from './opsText';
import { Plots } from './Plots';
import { type SiteTrouble, useSite } from './useSite';

const TILES: readonly HistoryFigure[] = [
  'meetings',
  'participants',
  'spectators',
  'recordings',
  'poseAgeMs',
  'poseLostShare',
  'sentBytesPerSecond',
  'eventLoopLagMs',
  'memoryBytes',
  'diskFreeBytes',
  'messagesQueued',
];

const SPANS = Object.keys(HISTORY_SPANS) as HistorySpan[];

const TROUBLES: Readonly<Record<Exclude<SiteTrouble, null>, OpsKey>> = {
  forbidden: 'opsFailed.forbidden',
  tooManyRequests: 'opsFailed.tooManyRequests',
  database: 'opsFailed.database',
  unreachable: 'opsFailed.unreachable',
};

function Tiles({ figures }: Pick<SiteOverview, 'figures'>) {
  const text = useOpsText();
  return (
    <section aria-label={text.t('ops.now')}>
      <h2 className={styles.heading}>{text.t('ops.now')}</h2>
      <dl className={styles.tiles}>
        {TILES.map((name) => (
          <div key={name} className={styles.tile}>
            <dt>{text.t(`opsFigure.${name}`)}</dt>
            <dd data-unknown={figures[name] === null || undefined}>{figureText(text, name, figures[name])}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

interface AlertsProps extends Pick<SiteOverview, 'alerts'> {
  onTest(): void;
}

function Alerts({ alerts, onTest }: AlertsProps) {
  const { t, language } = useOpsText();
  return (
    <section aria-label={t('ops.alerts')}>
      <h2 className={styles.heading}>{t('ops.alerts')}</h2>
      {alerts.length === 0 ? (
        <p className={styles.well}>{t('ops.noAlerts')}</p>
      ) : (
        <ul className={styles.rows}>
          {alerts.map(({ name, severity, startsAt }) => (
            <li key={name} className={styles.alert} data-severity={severity}>
              <strong>{t(`opsAlert.${name}`)}</strong>
              <span className={styles.soft}>
                {name} · {t('ops.since', { time: momentText(language, Date.parse(startsAt), Date.now()) })}
              </span>
            </li>
          ))}
        </ul>
      )}
      <Button onClick={onTest}>{t('ops.testAlert')}</Button>
    </section>
  );
}

interface ReadinessProps extends Pick<SiteOverview, 'lacks' | 'isDraining' | 'version'> {
  onDrain(): void;
  onUndrain(): void;
}

/** Whether the site can take people, and the switch by which it takes no new meetings. */
function Readiness({ lacks, isDraining, version, onDrain, onUndrain }: ReadinessProps) {
  const { t, list } = useOpsText();
  const isReady = lacks.length === 0;
  return (
    <div className={styles.readiness}>
      <div>
        <h1>{t('ops.pageTitle')}</h1>
        <p className={styles.status} data-ready={isReady}>
          {isReady ? t('ops.ready') : t('ops.notReady', { lacks: list(lacks.map((lack) => t(`opsLack.${lack}`))) })}
        </p>
        <p className={styles.soft}>{t('ops.version', { version })}</p>
      </div>
      <div className={styles.drain}>
        {isDraining ? (
          <Button tone="accent" onClick={onUndrain}>
            {t('ops.undrain')}
          </Button>
        ) : (
          <Button onClick={onDrain}>{t('ops.drain')}</Button>
        )}
        <p className={styles.soft}>{t('ops.drainHint')}</p>
      </div>
    </div>
  );
}

interface DashboardProps {
  readonly client: OpsClient;
  /** The site no longer takes the token. */
  onRefused(): void;
  /** The tab is to forget the token. */
  onForget(): void;
}

/** How the site is, how it was, and what to do about it. */
export function Dashboard({ client, onRefused, onForget }: DashboardProps) {
  const text = useOpsText();
  const { t, language } = text;
  const [span, setSpan] = useState<HistorySpan>('1h');
  const [deed, setDeed] = useState<Deed | null>(null);
  const [news, setNews] = useState('');
  const { site, again } = useSite(client, span);
  const { overview, trouble, atMs } = site;
  useEffect(() => {
    if (trouble === 'forbidden') onRefused();
  }, [trouble, onRefused]);

  const say = useCallback(
    (sentence: string) => {
      setNews(sentence);
      again();
    },
    [again],
  );
  const test = async () => {
    try {
      say(text.count('ops.testSent', await client.testAlert()));
    } catch (error) {
      const isNowhere = error instanceof ParleyApiError && error.reason === 'badInput';
      setNews(t(isNowhere ? 'ops.testNowhere' : 'opsFailed.action'));
    }
  };
  const drain = () =>
    setDeed({
      title: t('ops.drainTitle'),
      body: t('ops.drainBody'),
      confirm: t('ops.drain'),
      done: t('ops.drained'),
      act: () => client.drain(true),
    });
  const undrain = () =>
    client.drain(false).then(
      () => say(t('ops.undrained')),
      () => setNews(t('opsFailed.action')),
    );
  const sentence = useMemo(() => {
    if (!trouble) return null;
    if (atMs === null && trouble === 'unreachable') return t('opsFailed.noAnswer');
    return t(TROUBLES[trouble], { time: momentText(language, atMs ?? 0, Date.now()) });
  }, [trouble, atMs, t, language]);

  return (
    <main className={styles.main}>
      <Problem sentence={sentence} />
      <p className={styles.news} role="status">
        {news}
      </p>
      {overview ? (
        <>
          <Readiness {...overview} onDrain={drain} onUndrain={undrain} />
          <Alerts alerts={overview.alerts} onTest={test} />
          <Tiles figures={overview.figures} />
        </>
      ) : (
        !sentence && <p role="status">{t('ops.loading')}</p>
      )}
      <section aria-label={t('ops.over')} hidden={!overview}>
        <div className={styles.over}>
          <h2 className={styles.heading}>{t('ops.over')}</h2>
          <div className={styles.spans}>
            <Segments>
              {SPANS.map((each) => (
                <Segment
                  key={each}
                  name="ops-span"
                  label={t(`opsSpan.${each}`)}
                  checked={each === span}
                  onPick={() => setSpan(each)}
                />
              ))}
            </Segments>
          </div>
        </div>
        {site.history && <Plots history={site.history} />}
      </section>
      {site.meetings && <Meetings meetings={site.meetings} client={client} onAsk={setDeed} />}
      {site.recordings && <Recordings recordings={site.recordings} client={client} onAsk={setDeed} />}
      <div>
        <Button onClick={onForget}>{t('ops.leave')}</Button>
      </div>
      {deed && (
        <Ask
          deed={deed}
          onClose={() => {
            setDeed(null);
            again();
          }}
          onDone={() => {
            setDeed(null);
            say(deed.done);
          }}
        />
      )}
    </main>
  );
}
