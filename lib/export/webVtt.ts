import type { RecordingTimeline } from '@/lib/recording/timeline';

/** How long a message is shown, ms. */
const MESSAGE_MS = 5000;

/** What a file lists: what was written, who spoke when, or chapters. */
export type VttContent = 'chat' | 'speaking' | 'chapters';

interface Cue {
  readonly fromMs: number;
  readonly toMs: number;
  readonly text: string;
}

function clockText(timeMs: number): string {
  const ms = Math.max(0, Math.round(timeMs));
  const parts = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60];
  return `${parts.map((part) => String(part).padStart(2, '0')).join(':')}.${String(ms % 1000).padStart(3, '0')}`;
}

/** Text as WebVTT has it: no markup, no line that could end a cue. */
function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
  return text
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/[&<>]/g, (letter) => entities[letter]!);
}

/** A cue's text, said by `name`; '' if there is nothing to show. */
function voiced(name: string, text: string): string {
  const shown = escaped(text);
  return shown && `<v ${escaped(name) || '?'}>${shown}`;
}

function chatCues({ messages }: RecordingTimeline): Cue[] {
  return messages.map(({ timeMs, name, text }) => {
    return { fromMs: timeMs, toMs: timeMs + MESSAGE_MS, text: voiced(name, text) };
  });
}

function speakingCues({ people }: RecordingTimeline): Cue[] {
  return people.flatMap(({ id, name, speaking }) =>
    speaking.map(({ fromMs, toMs }) => ({ fromMs, toMs, text: voiced(name || id, name || id) })),
  );
}

function chapterCues({ chapters, toMs }: RecordingTimeline): Cue[] {
  return chapters.map(({ timeMs, title }, k) => {
    return { fromMs: timeMs, toMs: chapters[k + 1]?.timeMs ?? toMs, text: escaped(title) };
  });
}

const CUES: Readonly<Record<VttContent, (timeline: RecordingTimeline) => Cue[]>> = {
  chat: chatCues,
  speaking: speakingCues,
  chapters: chapterCues,
};

/** A part of a recording, and where its times stand in a file, ms; as they are without `placeOf`. */
interface VttRange {
  readonly startMs?: number;
  readonly endMs?: number;
  readonly placeOf?: (timeMs: number) => number;
}

/**
 * Writes what of a recording is text as WebVTT: who wrote what, who spoke when (a cue for each stretch, with the name), chapters. Times
 * are the recording's, from its beginning or from `startMs`, up to `endMs`.
 */
export function writeVtt(
  timeline: RecordingTimeline,
  contents: readonly VttContent[],
  { startMs = 0, endMs = Number.POSITIVE_INFINITY, placeOf = (timeMs) => timeMs }: VttRange = {},
): string {
  const cues = contents
    .flatMap((content) => CUES[content](timeline))
    .filter(({ fromMs, toMs, text }) => text !== '' && toMs > fromMs && toMs > startMs && fromMs < endMs)
    .sort((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs);
  const texts = cues.map(({ fromMs, toMs, text }) => {
    const [from, to] = [fromMs, Math.min(toMs, endMs)].map((timeMs) => clockText(placeOf(timeMs) - placeOf(startMs)));
    return `\n${from} --> ${to}\n${text}\n`;
  });
  return `WEBVTT\n${texts.join('')}`;
}
