import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { useMediaQuery } from '@/app/_hooks/useMediaQuery';
import type { Language } from '@/app/_i18n/language';
import type { OpsKey } from '@/app/_i18n/messages';
import type { HistoryFigure, SiteHistory } from '@/lib/core/site/siteHistory';
import { useTheme } from '../page/Preferences';
import styles from './OpsPage.module.css';
import { figureText, isCount, type OpsText, useOpsText } from './opsText';

const HEIGHT_PX = 132;
/** Room for the labels of the values. */
const LABELS_PX = 66;
/** Room for those of the times. */
const TIMES_PX = 28;
const DAY_S = 86_400;

/** How far apart the labels of what is counted may be. */
const WHOLE_STEPS = [1, 2, 5]
  .flatMap((step) => [0, 1, 2, 3, 4, 5].map((power) => step * 10 ** power))
  .sort((a, b) => a - b);

/** What is drawn together. */
const PLOTS: readonly { readonly title: OpsKey; readonly figures: readonly HistoryFigure[] }[] = [
  { title: 'opsPlot.people', figures: ['participants', 'spectators'] },
  { title: 'opsPlot.meetings', figures: ['meetings', 'recordings'] },
  { title: 'opsPlot.joins', figures: ['joinsOk', 'joinsFailed'] },
  { title: 'opsPlot.poseAge', figures: ['poseAgeMs'] },
  { title: 'opsPlot.poseLost', figures: ['poseLostShare'] },
  { title: 'opsPlot.sent', figures: ['sentBytesPerSecond'] },
  { title: 'opsPlot.lag', figures: ['eventLoopLagMs'] },
  { title: 'opsPlot.memory', figures: ['memoryBytes'] },
  { title: 'opsPlot.disk', figures: ['diskFreeBytes'] },
  { title: 'opsPlot.queue', figures: ['messagesQueued'] },
];

/** A line of a plot in words: from the least to the most, and the last. */
function summaryOf(text: OpsText, figure: HistoryFigure, values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  const last = known.at(-1);
  if (last === undefined) return text.t('ops.summaryNothing');
  const say = (value: number) => figureText(text, figure, value);
  return text.t('ops.summary', {
    least: say(Math.min(...known)),
    most: say(Math.max(...known)),
    last: say(last),
  });
}

function timeFormat(language: Language, lengthS: number): Intl.DateTimeFormat {
  const day = lengthS > DAY_S ? ({ month: 'numeric', day: 'numeric' } as const) : null;
  return new Intl.DateTimeFormat(language, day ?? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** The values' axis begins at 0, and has some height where everything is 0. */
const scaleFrom0 = (_: uPlot, _least: number, most: number): uPlot.Range.MinMax => [0, most > 0 ? most * 1.1 : 1];

interface Drawing {
  readonly place: HTMLElement;
  readonly text: OpsText;
  readonly history: SiteHistory;
  readonly figures: readonly HistoryFigure[];
}

function dataOf({ history: { fromS, stepS, figures: all }, figures }: Drawing): uPlot.AlignedData {
  const [first] = figures;
  const times = all[first!].map((_, k) => fromS + k * stepS);
  return [times, ...figures.map((name) => [...all[name]])] as uPlot.AlignedData;
}

/** Draws the lines in the colours that the style sheet gives the marks beside their names. */
function draw(drawing: Drawing): uPlot {
  const { place, text, history, figures } = drawing;
  const { color, borderBottomColor } = getComputedStyle(place);
  const marks = [...(place.parentElement?.querySelectorAll('[data-line]') ?? [])];
  const format = timeFormat(text.language, history.stepS * history.figures.meetings.length);
  const axis: uPlot.Axis = {
    stroke: color,
    grid: { stroke: borderBottomColor, width: 1 },
    ticks: { show: false },
    font: `12px ${getComputedStyle(place).fontFamily}`,
  };
  const lines = figures.map((_, k) => ({
    stroke: getComputedStyle(marks[k] ?? place).color,
    width: 2,
    points: { show: false },
    spanGaps: false,
  }));
  const options: uPlot.Options = {
    width: place.clientWidth,
    height: HEIGHT_PX,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: scaleFrom0 } },
    axes: [
      { ...axis, space: 64, size: TIMES_PX, values: (_, times) => times.map((timeS) => format.format(timeS * 1000)) },
      {
        ...axis,
        space: 32,
        size: LABELS_PX,
        ...(isCount(figures[0]!) && { incrs: WHOLE_STEPS }),
        values: (_, values) => values.map((v) => figureText(text, figures[0]!, v)),
      },
    ],
    series: [{}, ...lines],
  };
  return new uPlot(options, dataOf(drawing), place);
}

/** Whether this browser draws at all; the words beside each plot say the same. */
const canDraw = () => document.createElement('canvas').getContext('2d') !== null;

function Plot({ title, figures, history }: { title: OpsKey; figures: readonly HistoryFigure[]; history: SiteHistory }) {
  const text = useOpsText();
  const place = useRef<HTMLDivElement>(null);
  const theme = useTheme();
  const isDark = useMediaQuery('(prefers-color-scheme: dark)');
  // With the theme the style sheet's colours change.
  useEffect(() => {
    const at = place.current;
    if (!at || !canDraw()) return;
    const plot = draw({ place: at, text, history, figures });
    const resized = new ResizeObserver(() => plot.setSize({ width: at.clientWidth, height: HEIGHT_PX }));
    resized.observe(at);
    return () => {
      resized.disconnect();
      plot.destroy();
    };
  }, [text, history, figures, theme, isDark]);
  return (
    <figure className={styles.plot}>
      <figcaption>
        <h3>{text.t(title)}</h3>
        <ul>
          {figures.map((name) => (
            <li key={name}>
              <span className={styles.line} data-line aria-hidden />
              {figures.length > 1 && `${text.t(`opsFigure.${name}`)} · `}
              {summaryOf(text, name, history.figures[name])}
            </li>
          ))}
        </ul>
      </figcaption>
      <div ref={place} className={styles.canvas} aria-hidden />
    </figure>
  );
}

/** The site's figures over a span, as small plots, each with its summary in words. */
export function Plots({ history }: { history: SiteHistory }) {
  return (
    <div className={styles.plots}>
      {PLOTS.map((plot) => (
        <Plot key={plot.title} {...plot} history={history} />
      ))}
    </div>
  );
}
