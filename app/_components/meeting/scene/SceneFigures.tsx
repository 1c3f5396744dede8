'use client';

import { useEffect, useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MessageKey } from '@/app/_i18n/messages';
import type { Translator } from '@/app/_i18n/translator';
import { readInspection } from '@/app/_session/inspection';
import type { ParleyStats } from '@/lib/meeting/stats';
import type { FrameStepName, StepFigures } from '@/scene/frame/frameLoop';
import type { SceneHandle } from '@/scene/react/sceneContract';
import styles from './SceneFigures.module.css';

const READ_EVERY_MS = 500;
const MEGABYTE = 1_000_000;

interface Figures {
  readonly stats: ParleyStats | null;
  readonly steps: StepFigures;
  /** Megabytes; null if the browser does not tell. */
  readonly heapMb: number | null;
}

function readFigures(scene: SceneHandle): Figures {
  const { memory } = performance as { memory?: { usedJSHeapSize: number } };
  const heapMb = memory ? memory.usedJSHeapSize / MEGABYTE : null;
  return { stats: readInspection(), steps: scene.stepTimes(), heapMb };
}

/** The figures, read twice a second. The steps of a frame are measured only while they are shown. */
function useFigures(scene: SceneHandle): Figures {
  const [figures, setFigures] = useState(() => readFigures(scene));
  useEffect(() => {
    scene.watchSteps(true);
    const timer = window.setInterval(() => setFigures(readFigures(scene)), READ_EVERY_MS);
    return () => {
      window.clearInterval(timer);
      scene.watchSteps(false);
    };
  }, [scene]);
  return figures;
}

/** The name of a step. */
function stepLabel(step: FrameStepName): MessageKey {
  return `figures.${step}`;
}

function Row({ label, value }: { label: string; value: string }) {
  return (
    <div className={styles.row}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function FrameRows({ figures: { stats, heapMb }, t }: { figures: Figures; t: Translator['t'] }) {
  const { fps, cpuMs, draws, triangles } = stats?.frame ?? { fps: 0, cpuMs: 0, draws: 0, triangles: 0 };
  return (
    <dl className={styles.rows}>
      <Row label={t('figures.fps')} value={fps.toFixed(0)} />
      <Row label={t('figures.cpu')} value={t('figures.ms', { value: cpuMs.toFixed(2) })} />
      <Row label={t('figures.draws')} value={String(draws)} />
      <Row label={t('figures.triangles')} value={triangles.toLocaleString()} />
      {heapMb !== null && <Row label={t('figures.heap')} value={t('figures.mb', { value: heapMb.toFixed(1) })} />}
    </dl>
  );
}

function PeopleTable({ stats, t }: { stats: ParleyStats; t: Translator['t'] }) {
  const ms = (value: number) => t('figures.ms', { value: value.toFixed(0) });
  return (
    <table className={styles.people}>
      <caption>{t('figures.people')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('figures.person')}</th>
          <th scope="col">{t('figures.lod')}</th>
          <th scope="col">{t('figures.age')}</th>
          <th scope="col">{t('figures.delay')}</th>
        </tr>
      </thead>
      <tbody>
        {stats.participants.map(({ id, name, lod, poseAgeMs, playoutDelayMs }) => (
          <tr key={id}>
            <th scope="row">{name}</th>
            <td>{lod < 0 ? t('figures.hidden') : lod}</td>
            <td>{ms(poseAgeMs)}</td>
            <td>{ms(playoutDelayMs)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The cost of the scene and the age of each person's poses, for finding what is slow. */
export function SceneFigures({ scene }: { scene: SceneHandle }) {
  const { t } = useTranslator();
  const figures = useFigures(scene);
  const { stats, steps } = figures;
  return (
    <aside className={styles.panel} aria-label={t('figures.title')}>
      <FrameRows figures={figures} t={t} />
      <h2 className={styles.heading}>{t('figures.steps')}</h2>
      <dl className={styles.rows}>
        {steps.map(({ name, ms }) => (
          <Row key={name} label={t(stepLabel(name))} value={t('figures.ms', { value: ms.toFixed(2) })} />
        ))}
      </dl>
      {stats && stats.participants.length > 0 && <PeopleTable stats={stats} t={t} />}
    </aside>
  );
}
