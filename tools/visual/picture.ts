/** A picture as it is compared: rows from the top, RGBA bytes (sRGB). */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** `width` * `height` * 4 bytes. */
  readonly rgba: Uint8Array;
}
