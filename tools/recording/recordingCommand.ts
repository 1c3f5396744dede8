import { open } from 'node:fs/promises';
import { ParleyApiError } from '@/lib/api';
import type { ByteSource } from '@/lib/recording/byteSource';
import { RecordingError } from '@/lib/recording/recordingError';
import type { IndexRow } from '@/lib/recording/recordingIndex';
import { type ReadTimeline, readTimeline } from '@/lib/recording/timeline';
import { type CommandOutput, type Env, readOptions, sentenceFor, UsageError } from '@/tools/command/command';
import { EXPORT_USAGE, readExportCommand, runExportCommand } from './exportCommand';
import { type FileSource, openFileSource } from './fileSource';
import { askSite, readSiteCommand, SITE_USAGE, type SiteCommand } from './siteCommand';
import { openUrlSource } from './urlSource';

const USAGE = `Usage: npm run -s recording -- inspect FILE|URL [--json] | verify FILE|URL | repair FILE|URL --out FILE, or
${EXPORT_USAGE}, or
${SITE_USAGE}`;

const OPTIONS = { json: { type: 'boolean' }, out: { type: 'string' } } as const;

type Verb = 'inspect' | 'verify' | 'repair';

interface RecordingCommand {
  readonly verb: Verb;
  readonly path: string;
  readonly isJson: boolean;
  readonly outPath: string | null;
}

function isVerb(word: string | undefined): word is Verb {
  return word === 'inspect' || word === 'verify' || word === 'repair';
}

function readArguments(args: readonly string[]): RecordingCommand {
  const { values, positionals } = readOptions({ args: [...args], options: OPTIONS, allowPositionals: true }, USAGE);
  const [verb, path, ...more] = positionals;
  if (!isVerb(verb) || !path || more.length > 0) throw new UsageError(USAGE);
  if (verb === 'repair' && !values.out) throw new UsageError(`repair needs --out. ${USAGE}`);
  return { verb, path, isJson: values.json ?? false, outPath: values.out ?? null };
}

const seconds = (ms: number) => Math.round(ms) / 1000;

/** What `inspect --json` prints. */
function reportOf({ timeline, recordingId, damagedBytes }: ReadTimeline) {
  const { fromMs, toMs, people, screens, chapters, messages, isComplete, ...rest } = timeline;
  return {
    id: Buffer.from(recordingId).toString('hex'),
    meetingId: rest.meetingId,
    title: rest.title,
    startedAt: new Date(rest.startedAtMs).toISOString(),
    durationS: seconds(toMs - fromMs),
    segments: rest.segments,
    sizeBytes: rest.sizeBytes,
    takes: rest.takes,
    people: people.map(({ id, name, poses, voicePackets, ...person }) => {
      return { id, name, poses, voicePackets, fromS: seconds(person.fromMs), toS: seconds(person.toMs) };
    }),
    screens: screens.length,
    messages: messages.length,
    chapters: chapters.map(({ timeMs, title }) => ({ atS: seconds(timeMs), title })),
    events: rest.events,
    skipped: rest.skipped,
    damagedBytes,
    complete: isComplete,
  };
}

type Report = ReturnType<typeof reportOf>;

function clockText(totalS: number): string {
  const whole = Math.floor(totalS);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

/** A report as lines for a terminal. */
function reportText({ title, meetingId, startedAt, durationS, segments, sizeBytes, takes, people, ...rest }: Report) {
  const megabytes = (sizeBytes / 1_000_000).toFixed(2);
  return [
    `${title || meetingId || 'a meeting'}, ${startedAt}`,
    `  ${clockText(durationS)} in ${segments} segments, ${takes} takes, ${megabytes} MB`,
    ...people.map(({ id, name, poses, voicePackets, fromS, toS }) => {
      const stretch = `${clockText(fromS)} to ${clockText(toS)}`;
      return `  ${name || id}: ${stretch}, ${poses} pose packets, ${voicePackets} voice packets`;
    }),
    `  ${rest.screens} shared screens, ${rest.messages} messages, ${rest.chapters.length} chapters, ${rest.events} events`,
    `  ${stateText(rest)}`,
  ].join('\n');
}

function stateText({ complete, damagedBytes }: Pick<Report, 'complete' | 'damagedBytes'>): string {
  if (complete) return 'complete';
  if (damagedBytes > 0) return `${damagedBytes} bytes are damaged or torn`;
  return 'not ended, or segments are missing';
}

/** Copies the whole segments of `source` to a new file. @throws UsageError if there is such a file */
async function copyWhole(source: ByteSource, rows: readonly IndexRow[], path: string): Promise<void> {
  const file = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EEXIST' ? 'is there already' : 'cannot be written';
    throw new UsageError(`${path} ${why}. Name another file with --out.`);
  });
  try {
    for (const { atByte, sizeBytes } of rows) await file.writeFile(await source.read(atByte, sizeBytes));
  } finally {
    await file.close();
  }
}

async function carryOut(command: RecordingCommand, source: FileSource, output: CommandOutput): Promise<number> {
  const read = await readTimeline(source);
  const report = reportOf(read);
  if (command.verb === 'inspect') {
    output.print(command.isJson ? JSON.stringify(report, null, 2) : reportText(report));
    return 0;
  }
  if (command.verb === 'verify') {
    output.print(stateText(report));
    return report.complete ? 0 : 1;
  }
  await copyWhole(source, read.rows, command.outPath!);
  output.print(`${read.rows.length} segments kept, ${read.damagedBytes} bytes left out.`);
  return 0;
}

async function openSource(path: string): Promise<FileSource> {
  if (/^https?:/.test(path)) {
    return openUrlSource(path).catch((error: Error) => {
      throw new UsageError(`${path} cannot be read: ${error.message}. Check the address, or ask for a new link.`);
    });
  }
  return openFileSource(path).catch(() => {
    throw new UsageError(`${path} cannot be read. Check the path and its permissions.`);
  });
}

/** Prints what a site answers as JSON; its refusals are sentences. */
async function runSiteCommand(command: SiteCommand, output: CommandOutput): Promise<number> {
  try {
    output.print(JSON.stringify(await askSite(command), null, 2));
    return 0;
  } catch (error) {
    if (!(error instanceof ParleyApiError)) throw error;
    output.complain(sentenceFor(error, command.url));
    return 1;
  }
}

/**
 * `npm run recording`: records a meeting of a site, prints what is in a recording, checks it, saves what is whole of it, or turns
 * it into a file of another format. Returns the exit status: 0, 1 for a refusal or a recording that can't be read or is not whole,
 * 2 for wrong arguments, 130 for Ctrl-C.
 */
export async function runRecordingCommand(
  args: readonly string[],
  output: CommandOutput,
  env: Env = {},
): Promise<number> {
  try {
    const asked = readSiteCommand(args, env);
    if (asked) return await runSiteCommand(asked, output);
    const command = readExportCommand(args) ?? readArguments(args);
    const source = await openSource(command.path);
    try {
      if ('verb' in command) return await carryOut(command, source, output);
      return await runExportCommand(command, source, output);
    } finally {
      await source.close();
    }
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof RecordingError)) throw error;
    output.complain(error.message);
    return error instanceof UsageError ? 2 : 1;
  }
}
