import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AvatarModel } from '../buildAvatar';
import { contactSheet } from './contactSheet';
import { EXPRESSIONS, POSES, type Shot, TURNS } from './sheetShots';

interface Sheet {
  readonly name: string;
  readonly shots: readonly Shot[];
  /** Width and height (pixels) of each picture. */
  readonly size: number;
  readonly columns: number;
}

const SHEETS: readonly Sheet[] = [
  { name: 'turns', shots: TURNS, size: 320, columns: 4 },
  { name: 'expressions', shots: EXPRESSIONS, size: 260, columns: 5 },
  { name: 'poses', shots: POSES, size: 320, columns: 5 },
];

/** Writes an avatar's contact sheets, `<key>-turns.png` and so on, into `folder`. */
export function writeSheets(model: AvatarModel, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const { name, shots, size, columns } of SHEETS)
    writeFileSync(join(folder, `${model.spec.key}-${name}.png`), contactSheet(model, shots, size, columns));
}
