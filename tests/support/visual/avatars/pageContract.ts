import type { Palette } from '@/lib/core/avatarPalette';
import type { ArkitWeights } from './shots';

/** Width and height of one picture of a contact sheet, pixels. */
export const CELL = 160;
/** Pictures per row. */
export const COLUMNS = 4;

/** A contact sheet to draw. */
export interface SheetOrder {
  /** Address of the model, from the page's root. */
  readonly model: string;
  /** Colours other than the model's own. */
  readonly palette?: Palette;
  /** Weights added to every face. */
  readonly face?: ArkitWeights;
  /** Level of detail; by default 0, the finest. */
  readonly level?: number;
}

/** What the page offers as `globalThis.avatarPage`. */
export interface AvatarPage {
  /** Draws a contact sheet: `data:` address of a PNG, {@link COLUMNS} cells of {@link CELL} pixels per row. */
  sheet(order: SheetOrder): Promise<string>;
}
