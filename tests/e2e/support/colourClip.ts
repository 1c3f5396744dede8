import { writeFileSync } from 'node:fs';

/** Red, green and blue, each 0 to 1. */
export type Colour = readonly [red: number, green: number, blue: number];

const WIDTH_PX = 320;
const HEIGHT_PX = 240;

/** Studio-range BT.601, the default of a y4m file. */
function toYuv([red, green, blue]: Colour): [y: number, u: number, v: number] {
  const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
  return [
    Math.round(16 + 219 * luma),
    Math.round(128 + (224 * (blue - luma)) / 1.772),
    Math.round(128 + (224 * (red - luma)) / 1.402),
  ];
}

function frame(colour: Colour): Buffer {
  const [y, u, v] = toYuv(colour);
  const quarter = (WIDTH_PX * HEIGHT_PX) / 4;
  const planes = [Buffer.alloc(quarter * 4, y), Buffer.alloc(quarter, u), Buffer.alloc(quarter, v)];
  return Buffer.concat([Buffer.from('FRAME\n'), ...planes]);
}

/** Writes a clip of plain colours, one a picture, for Chromium's fake webcam to loop. */
export function writeColourClip(path: string, colours: readonly Colour[], fps: number): void {
  const header = Buffer.from(`YUV4MPEG2 W${WIDTH_PX} H${HEIGHT_PX} F${fps}:1 Ip A1:1 C420jpeg\n`);
  writeFileSync(path, Buffer.concat([header, ...colours.map(frame)]));
}

/** Flags for a browser whose webcam plays the file at `path` (.y4m or .mjpeg). */
export function webcamFlags(path: string): string[] {
  return [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-video-capture=${path}`,
  ];
}
