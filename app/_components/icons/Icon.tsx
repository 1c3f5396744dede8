import { Glyph } from './Glyph';
import { ICON_SHAPES, type IconName } from './iconShapes';

/** One icon of the set. Decorative: the control that shows it carries the name. */
export function Icon({ name, sizePx = 24 }: { name: IconName; sizePx?: number }) {
  return <Glyph sizePx={sizePx}>{ICON_SHAPES[name]}</Glyph>;
}
