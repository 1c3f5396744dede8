import { readFile } from 'node:fs/promises';
import { createParleyClient, ParleyApiError, type ParleyClient } from '@/lib/api';
import { AVATAR_KEYS } from '@/lib/core/avatars';
import { BvhError } from '@/lib/motion/bvhClip';
import { createBvhSource } from '@/lib/motion/bvhSource';
import type { MotionSource } from '@/lib/motion/motionSource';
import { OpusFileError, readOpusFile } from '@/lib/transport/headless/voice/opusFile';
import type { OpusSource } from '@/lib/transport/headless/voice/opusPacket';
import { TransportError } from '@/lib/transport/transport';
import { sentenceFor, UsageError } from '@/tools/command/command';
import { type BotCommand, readArguments } from './botArguments';
import { BotParticipant } from './botParticipant';
import { type BotOptions, reportOf, statusLine, summary } from './botStats';

/** Where the command writes, and what interrupts it. */
export interface BotTerminal {
  /** Standard output: the meeting's link and the result. */
  print(text: string): void;
  /** Standard error: one sentence. */
  complain(sentence: string): void;
  /** Standard error: a line that replaces the one before. */
  status(line: string): void;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
}

/** A file that cannot be used. The message is one sentence. */
class FileError extends Error {}

const STATUS_INTERVAL_MS = 1_000;

interface NamedBot {
  readonly name: string;
  readonly bot: BotParticipant;
}

/** Runs the command and returns the exit status: 0, or 1 after one sentence of complaint. */
export async function runBotCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  terminal: BotTerminal,
): Promise<number> {
  let url: string | null = null;
  try {
    const command = readArguments(args, env);
    url = command.url;
    return await carryOut(command, terminal);
  } catch (error) {
    if (!isExpected(error)) throw error;
    terminal.complain(sentenceFor(error, url));
    return 1;
  }
}

async function carryOut(command: BotCommand, terminal: BotTerminal): Promise<number> {
  const material = await readMaterial(command);
  const client = createParleyClient({ url: command.url });
  const meetingId = command.meetingId ?? (await createMeeting(client, command, terminal));
  const bots = makeBots(command, meetingId, material, client);
  const failures: Error[] = [];
  try {
    await joinAll(bots, terminal.interrupted);
    await stay(bots, command, terminal);
    for (const { bot } of bots) if (bot.error) failures.push(bot.error);
  } finally {
    await Promise.all(bots.map(({ bot }) => bot.leave()));
  }
  printResult(bots, command, terminal);
  if (failures[0]) terminal.complain(sentenceFor(failures[0], command.url));
  return failures.length > 0 ? 1 : 0;
}

async function createMeeting(client: ParleyClient, { isJson }: BotCommand, terminal: BotTerminal): Promise<string> {
  const { id, joinUrl } = await client.meeting.create({ title: 'Bots' });
  if (!isJson) terminal.print(joinUrl);
  return id;
}

interface Material {
  /** BVH text. Each bot plays its own copy. */
  readonly motionText: string | null;
  readonly voice: OpusSource | undefined;
}

async function readMaterial({ motionPath, voicePath }: BotCommand): Promise<Material> {
  const motionText = motionPath === null ? null : await readText(motionPath);
  if (motionText !== null) playMotion(motionText, motionPath);
  return { motionText, voice: voicePath === null ? undefined : await readOpusFile(voicePath) };
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: Error) => {
    throw new FileError(`${path} can't be read: ${error.message}`);
  });
}

function playMotion(text: string, path: string | null): MotionSource {
  try {
    return createBvhSource(text);
  } catch (error) {
    if (error instanceof BvhError) throw new FileError(`${path}: ${error.message}`);
    throw error;
  }
}

function makeBots(command: BotCommand, meetingId: string, material: Material, client: ParleyClient): NamedBot[] {
  const { url, count, isSpectator, motionPath } = command;
  return Array.from({ length: count }, (_, index) => {
    const name = count === 1 ? command.name : `${command.name} ${index + 1}`;
    const options: BotOptions = {
      url,
      client,
      meetingId,
      name,
      role: isSpectator ? 'spectator' : 'participant',
      avatar: command.avatar ?? AVATAR_KEYS[index % AVATAR_KEYS.length],
      motion: material.motionText === null ? undefined : playMotion(material.motionText, motionPath),
      voice: material.voice,
    };
    return { name, bot: new BotParticipant(options) };
  });
}

async function joinAll(bots: readonly NamedBot[], interrupted: AbortSignal): Promise<void> {
  const outcomes = await Promise.allSettled(bots.map(({ bot }) => bot.join()));
  const refused = outcomes.find((outcome) => outcome.status === 'rejected');
  if (refused && !interrupted.aborted) throw refused.reason;
}

/** Resolves when the time is up, on Ctrl-C, or once no bot is in the meeting. */
async function stay(bots: readonly NamedBot[], { seconds, isJson }: BotCommand, terminal: BotTerminal): Promise<void> {
  const startedMs = performance.now();
  for (;;) {
    const elapsedSeconds = (performance.now() - startedMs) / 1000;
    const stats = bots.map(({ bot }) => bot.stats());
    if (!isJson) terminal.status(statusLine(stats, elapsedSeconds));
    if (terminal.interrupted.aborted || stats.every(({ phase }) => phase === 'ended' || phase === 'failed')) return;
    const leftMs = seconds === null ? STATUS_INTERVAL_MS : seconds * 1000 - elapsedSeconds * 1000;
    if (leftMs <= 0) return;
    await pause(Math.min(STATUS_INTERVAL_MS, leftMs), terminal.interrupted);
  }
}

function pause(delayMs: number, interrupted: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      interrupted.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    interrupted.addEventListener('abort', done);
  });
}

function printResult(bots: readonly NamedBot[], { isJson }: BotCommand, terminal: BotTerminal): void {
  const reports = bots.map(({ name, bot }) => reportOf(name, bot.stats()));
  terminal.print(isJson ? JSON.stringify(reports, null, 2) : summary(reports));
}

function isExpected(error: unknown): error is Error {
  const kinds = [UsageError, FileError, OpusFileError, ParleyApiError, TransportError];
  return kinds.some((kind) => error instanceof kind);
}
