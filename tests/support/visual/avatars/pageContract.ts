import type { Palette } from '@/lib/core/avatarPalette';
import type { ArkitWeights } from './shots';

/** Width and height of one picture of a contact sheet, pixels. */
export const CELL = 160;
/** Pictures in a row. */
export const COLUMNS = 4;

/** Which contact sheet is wanted. */
export interface SheetOrder {
  /** Address of the model, from the page's root. */
  readonly model: string;
  /** Colours other than the model's own. */
  readonly palette?: Palette;
  /** Weights added to every face. */
  readonly face?: ArkitWeights;
  /** Level of detail; 0, the finest, unless said. */
  readonly level?: number;
}

/** What the page offers as `globalThis.avatarPage`. */
export interface AvatarPage {
  /** Draws a contact sheet: `data:` address of a PNG, {@link COLUMNS} cells of {@link CELL} pixels in a row. */
  sheet(order: SheetOrder): Promise<string>;
}
