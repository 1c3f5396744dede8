import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync } from 'node:zlib';
import { AVATAR_KEYS, type AvatarKey, isAvatarKey } from '@/lib/core/avatars';
import { buildAvatar } from './buildAvatar';
import { FULL_DETAIL } from './part';
import { portraitPng } from './portrait/portraitPng';
import { AVATAR_SPECS } from './specs/avatarSpecs';
import { encodeVrm } from './vrm/encodeVrm';

const DEFAULT_OUT = 'public/models';
const USAGE = `usage: npm run avatars -- [--only ${AVATAR_KEYS.join('|')}] [--out DIR]`;

function chosenKeys(only: string | undefined): readonly AvatarKey[] {
  if (only === undefined) return AVATAR_KEYS;
  if (isAvatarKey(only)) return [only];
  throw new Error(`there is no avatar '${only}'; ${USAGE}`);
}

function progress(line: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${line}`);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KB`;
}

async function makeAvatar(key: AvatarKey, out: string): Promise<void> {
  const startedAtMs = Date.now();
  const model = await buildAvatar(AVATAR_SPECS[key], FULL_DETAIL, (part, done, total) =>
    progress(`${key}: ${part} (${done + 1} of ${total})`),
  );
  const vrm = encodeVrm(model);
  const portrait = portraitPng(model);
  writeFileSync(join(out, `${key}.vrm`), vrm);
  writeFileSync(join(out, `${key}.png`), portrait);
  progress('');
  const triangles = model.body.triangleCount + model.face.triangleCount;
  const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(1);
  const packed = kilobytes(brotliCompressSync(vrm).length);
  console.log(
    `${key}: ${triangles} triangles, ${kilobytes(vrm.length)} (${packed} brotli), portrait ${kilobytes(portrait.length)}, ${seconds} s`,
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, out: { type: 'string', default: DEFAULT_OUT } },
  });
  const keys = chosenKeys(values.only);
  mkdirSync(values.out, { recursive: true });
  for (const key of keys) await makeAvatar(key, values.out);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
