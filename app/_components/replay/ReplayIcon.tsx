import { Glyph } from '../icons/Glyph';

/** The strokes of the icons that only a replay has, in a box of 24. */
const SHAPES = {
  play: <path d="M8 5.2v13.6L19 12Z" fill="currentColor" />,
  pause: <path d="M8.5 5.5v13M15.5 5.5v13" strokeWidth="3.4" />,
  again: <path d="M5 12a7 7 0 1 0 2.3-5.2L5 9M5 4.2V9h4.8" />,
  back: <path d="m11.5 6.5-5.5 5.5 5.5 5.5M18.5 6.5 13 12l5.5 5.5" />,
  forward: <path d="m12.5 6.5 5.5 5.5-5.5 5.5M5.5 6.5 11 12l-5.5 5.5" />,
  lanes: <path d="M4 7h7M14 7h6M4 12h3M10 12h10M4 17h10M17 17h3" />,
  save: <path d="M12 4v11M7.5 11 12 15.5 16.5 11M5 19.5h14" />,
} as const;

export type ReplayIconName = keyof typeof SHAPES;

/** One of those icons. Decorative: the control that shows it carries the name. */
export function ReplayIcon({ name, sizePx = 24 }: { name: ReplayIconName; sizePx?: number }) {
  return <Glyph sizePx={sizePx}>{SHAPES[name]}</Glyph>;
}
