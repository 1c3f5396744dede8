import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { AVATAR_KEYS, type AvatarKey, isAvatarKey } from '@/lib/core/avatars';
import { readOptions, runMain, UsageError } from '@/tools/command/command';
import { AVATAR_SPECS } from './avatarSpecs';
import { buildAvatar } from './buildAvatar';
import { FIRST_SEEN_LEVEL, LEVEL_SHARES } from './mesh/skinnedMesh';
import { FULL_DETAIL } from './part';
import { portraitPng } from './portrait/portrait';
import { writeSheets } from './portrait/sheets';
import { encodeVrm } from './vrm/encodeVrm';

const DEFAULT_OUT = 'public/models';
const USAGE = `Usage: npm run avatars -- [--only ${AVATAR_KEYS.join('|')}] [--out DIR] [--sheets DIR]`;

function chosenKeys(only: string | undefined): readonly AvatarKey[] {
  if (only === undefined) return AVATAR_KEYS;
  if (isAvatarKey(only)) return [only];
  throw new UsageError(`There is no avatar "${only}". ${USAGE}`);
}

function progress(line: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${line}`);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KB`;
}

async function makeAvatar(key: AvatarKey, out: string, sheets: string | undefined): Promise<void> {
  const startedAtMs = Date.now();
  const model = await buildAvatar(AVATAR_SPECS[key], FULL_DETAIL, (part, done, total) =>
    progress(`${key}: ${part} (${done + 1} of ${total})`),
  );
  const vrm = encodeVrm(model);
  const coarse = encodeVrm(model, FIRST_SEEN_LEVEL, 1);
  const portrait = portraitPng(model);
  writeFileSync(join(out, `${key}.vrm`), vrm);
  writeFileSync(join(out, `${key}-lod2.vrm`), coarse);
  writeFileSync(join(out, `${key}.png`), portrait);
  progress('');
  const triangles = LEVEL_SHARES.map((_, level) => model.body.triangleCount(level) + model.face.triangleCount(level));
  const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(1);
  const packed = (bytes: Buffer) =>
    `${kilobytes(bytes.length)} (${kilobytes(brotliCompressSync(bytes).length)} brotli)`;
  console.log(
    `${key}: ${triangles.join(' / ')} triangles, ${packed(vrm)}, level ${FIRST_SEEN_LEVEL} alone ${packed(coarse)}, portrait ${kilobytes(portrait.length)}, ${seconds} s`,
  );
  if (sheets !== undefined) writeSheets(model, sheets);
}

const OPTIONS = {
  only: { type: 'string' },
  out: { type: 'string', default: DEFAULT_OUT },
  sheets: { type: 'string' },
} as const;

await runMain(async () => {
  const { values } = readOptions({ options: OPTIONS }, USAGE);
  const keys = chosenKeys(values.only);
  mkdirSync(values.out, { recursive: true });
  for (const key of keys) await makeAvatar(key, values.out, values.sheets);
});
