/** Colours of the series, in order: for a light and for a dark page. Each is readable on its own background (4.5:1). */
const SERIES_COLOURS: ReadonlyArray<readonly [light: string, dark: string]> = [
  ['#0b57c4', '#7ab4ff'],
  ['#b4430a', '#ffa860'],
  ['#11722f', '#63d685'],
  ['#7a2fd0', '#cf9dff'],
  ['#b0155c', '#ff8ac0'],
  ['#0a6f78', '#5fd4de'],
  ['#5b5f66', '#b3b8c0'],
  ['#7a5a00', '#e0bd4f'],
];

const rules = (which: 0 | 1) =>
  SERIES_COLOURS.map(
    (colours, index) =>
      `.s${index}{color:${colours[which]}}.s${index} .line{stroke:${colours[which]}}.s${index} .mark{fill:${colours[which]};stroke:${colours[which]}}.s${index} text{fill:${colours[which]}}`,
  ).join('');

/** Class that gives the series `index` its colour. */
export function seriesClass(index: number): string {
  return `s${index % SERIES_COLOURS.length}`;
}

/** Styles of every plot: follow the reader's own light or dark setting, with a background of their own. */
export const PLOT_STYLE = [
  'text{font:13px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#1f2328}',
  '.title{font-size:16px;font-weight:600}.small{font-size:12px}.muted{fill:#59636e}',
  '.page{fill:#ffffff;stroke:#d1d9e0}.grid{stroke:#d1d9e0;stroke-width:1}.frame{stroke:#818b98;fill:none}',
  '.line{fill:none;stroke-width:2.25}.mark{stroke-width:1.5}.hollow{fill:#ffffff!important}.target{stroke:#59636e;stroke-dasharray:5 4;stroke-width:1.25}',
  rules(0),
  '@media (prefers-color-scheme:dark){text{fill:#e6edf3}.muted{fill:#9aa4af}.page{fill:#0d1117;stroke:#3d444d}.grid{stroke:#2b323a}.frame{stroke:#656c76}.hollow{fill:#0d1117!important}.target{stroke:#9aa4af}',
  `${rules(1)}}`,
].join('');
