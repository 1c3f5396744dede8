import { randomBytes } from 'node:crypto';
import { access, type FileHandle, link, open, rename, rm } from 'node:fs/promises';
import { AvatarFileError } from '@/lib/avatarFile/avatarFileError';
import { ExportError } from '@/lib/export/exportError';
import { exportRecording } from '@/lib/export/exportRecording';
import { EXPORT_FORMATS, type ExportFormat, type LongReading } from '@/lib/export/exportRequest';
import type { ByteSource } from '@/lib/recording/byteSource';
import { readTimeline } from '@/lib/recording/timeline';
import { seatedHearing } from '@/scene/room/plan/seatedHearing';
import { type CommandOutput, readOptions, UsageError } from '@/tools/command/command';
import { avatarLoader } from './avatarLoader';

export const EXPORT_USAGE = [
  `npm run -s recording -- export FILE --to ${EXPORT_FORMATS.join('|')} --out FILE [--person P]`,
  '[--from SECONDS] [--until SECONDS] [--avatar FILE] [--json]',
].join(' ');

const OPTIONS = {
  to: { type: 'string', multiple: true },
  out: { type: 'string' },
  person: { type: 'string' },
  from: { type: 'string' },
  until: { type: 'string' },
  avatar: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** What to export, and where to. */
export interface ExportCommand {
  readonly path: string;
  readonly outPath: string;
  readonly isJson: boolean;
  readonly format: ExportFormat;
  readonly person: string | null;
  readonly fromMs: number | null;
  readonly toMs: number | null;
  /** The file of an avatar, for `glb`. */
  readonly avatarPath: string | null;
}

const SECONDS = /^\d{1,7}(\.\d+)?$/;

/** Seconds, with decimals, as ms; null if they were not given. @throws UsageError */
function msOf(given: string | undefined, option: string): number | null {
  if (given === undefined) return null;
  if (SECONDS.test(given)) return Number(given) * 1000;
  throw new UsageError(`--${option} must be seconds of the recording, such as 90 or 12.5.`);
}

/** Reads an export; null if the first word is another one. @throws UsageError */
export function readExportCommand(args: readonly string[]): ExportCommand | null {
  if (args[0] !== 'export') return null;
  const usage = `Usage: ${EXPORT_USAGE}`;
  const { values, positionals } = readOptions({ args: args.slice(1), options: OPTIONS, allowPositionals: true }, usage);
  const [path, ...more] = positionals;
  if (!path || more.length > 0) throw new UsageError(`export needs one recording. ${usage}`);
  // `--from 5 --to 9` is what everybody tries, so a number is the end.
  const words = (values.to ?? []).filter((given) => !SECONDS.test(given));
  const end = values.until ?? (values.to ?? []).find((given) => SECONDS.test(given));
  const format = EXPORT_FORMATS.find((each) => words.length === 1 && each === words[0]);
  if (!format) throw new UsageError(`export needs --to with one of ${EXPORT_FORMATS.join(', ')}. ${usage}`);
  if (!values.out) throw new UsageError(`export needs --out. ${usage}`);
  const fromMs = msOf(values.from, 'from');
  const toMs = msOf(end, 'until');
  if (fromMs !== null && toMs !== null && toMs <= fromMs) throw new UsageError('--until must be later than --from.');
  const { out: outPath, json: isJson = false, person = null, avatar: avatarPath = null } = values;
  return { path, outPath, isJson, format, person, fromMs, toMs, avatarPath };
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** Gives a file its name unless there is one of that name. @throws UsageError */
async function publish(partPath: string, outPath: string): Promise<void> {
  try {
    await link(partPath, outPath);
    await rm(partPath);
  } catch {
    if (await isThere(outPath)) throw alreadyThere(outPath);
    // Some file systems have no links.
    await rename(partPath, outPath);
  }
}

function alreadyThere(path: string): UsageError {
  return new UsageError(`${path} is there already. Name another file with --out.`);
}

/** Writes a file whole or not at all: it has its name only at the end. @throws UsageError; what `write` throws */
async function writeWhole(outPath: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  if (await isThere(outPath)) throw alreadyThere(outPath);
  const partPath = `${outPath}.${randomBytes(4).toString('hex')}.part`;
  const file = await open(partPath, 'wx').catch(() => {
    throw new UsageError(`${outPath} cannot be written. Name another file with --out.`);
  });
  try {
    await write(file).finally(() => file.close());
    await publish(partPath, outPath);
  } finally {
    await rm(partPath, { force: true });
  }
}

/** The sentence for an export that cannot be made. */
function sentenceOf({ reason, message }: ExportError): string {
  if (reason === 'severalPeople' || reason === 'noPerson') return `${message} Name them with --person.`;
  return `${message} These are --from and --until.`;
}

/** Writes all of `bytes` at a place of a file. */
async function writeAt(file: FileHandle, bytes: Uint8Array, atByte: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, atByte + done);
    done += bytesWritten;
  }
}

/** Exports a part of a recording to a new file. @throws UsageError, RecordingError; the signal's reason */
async function exportTo(command: ExportCommand, source: ByteSource, running: LongReading): Promise<number> {
  const { path, outPath, format, person, fromMs, toMs, avatarPath } = command;
  const loadAvatar = avatarLoader(path, avatarPath);
  let sizeBytes = 0;
  await writeWhole(outPath, async (file) => {
    const recording = await readTimeline(source);
    const wanted = { source, recording, format, person, fromMs, toMs, loadAvatar, room: seatedHearing };
    await exportRecording({ ...wanted, ...running }, async (bytes, atByte) => {
      await writeAt(file, bytes, atByte);
      sizeBytes = Math.max(sizeBytes, atByte + bytes.length);
    });
  }).catch((error) => {
    if (error instanceof AvatarFileError)
      throw new UsageError(`${error.message} Or name another avatar with --avatar.`);
    throw error instanceof ExportError ? new UsageError(sentenceOf(error)) : error;
  });
  return sizeBytes;
}

/** Shows in a terminal how far something is, in a line that is written over. */
function showShare(share: number): void {
  if (process.stderr.isTTY) process.stderr.write(share < 1 ? `\r${Math.floor(share * 100)} %` : '\r      \r');
}

/** What a shell reports for a program that Ctrl-C ended. */
const CANCELLED_STATUS = 130;

/**
 * Exports a part of a recording to a new file; Ctrl-C, or `signal`, ends it without one. Returns the exit status.
 * @throws UsageError, RecordingError
 */
export async function runExportCommand(
  command: ExportCommand,
  source: ByteSource,
  output: CommandOutput,
  signal?: AbortSignal,
): Promise<number> {
  const cancel = new AbortController();
  const stop = () => cancel.abort();
  signal?.addEventListener('abort', stop);
  process.once('SIGINT', stop);
  try {
    const sizeBytes = await exportTo(command, source, { signal: cancel.signal, onProgress: showShare });
    const { outPath: path, format } = command;
    const report = { path, format, sizeBytes };
    output.print(
      command.isJson ? JSON.stringify(report) : `${path} written, ${(sizeBytes / 1_000_000).toFixed(2)} MB.`,
    );
    return 0;
  } catch (error) {
    if (!cancel.signal.aborted) throw error;
    output.complain('Cancelled. Nothing was written.');
    return CANCELLED_STATUS;
  } finally {
    process.off('SIGINT', stop);
  }
}
