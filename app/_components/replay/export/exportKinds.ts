import type { ExportFormat } from '@/lib/export/exportRequest';
import type { RecordingTimeline } from '@/lib/recording/timeline';

/** What a page makes of a recording, besides the recording itself. */
export type ExportKind = ExportFormat | 'mp4' | 'film';

/** The kinds that are videos. */
export const FILM_KINDS = { mp4: 'mp4', film: 'webm' } as const;

/** Whether a choice is a video. */
export function isFilm(choice: ExportChoice): choice is keyof typeof FILM_KINDS {
  return choice in FILM_KINDS;
}

/** What a person can choose: a file to be made, or the recording as it is. */
export type ExportChoice = ExportKind | 'recording';

/** The people one of whom can be chosen: who moved, who spoke, or, for the one who listens or watches, all. */
export function peopleFor(choice: ExportChoice, people: RecordingTimeline['people']): RecordingTimeline['people'] {
  if (choice === 'recording' || choice === 'vtt') return [];
  const named = people.filter(({ name }) => name !== '');
  if (choice === 'wav' || isFilm(choice)) return named;
  return named.filter(({ poses, voicePackets }) => (choice === 'webm' ? voicePackets : poses) > 0);
}

interface Kind {
  readonly extension: string;
  readonly mimeType: string;
}

const KINDS: Readonly<Record<ExportKind, Kind>> = {
  mp4: { extension: 'mp4', mimeType: 'video/mp4' },
  film: { extension: 'webm', mimeType: 'video/webm' },
  wav: { extension: 'wav', mimeType: 'audio/wav' },
  webm: { extension: 'webm', mimeType: 'audio/webm' },
  vrma: { extension: 'vrma', mimeType: 'model/gltf-binary' },
  bvh: { extension: 'bvh', mimeType: 'text/plain' },
  glb: { extension: 'glb', mimeType: 'model/gltf-binary' },
  vtt: { extension: 'vtt', mimeType: 'text/vtt' },
};

const ARCHIVE: Kind = { extension: 'zip', mimeType: 'application/zip' };

/** The type of file of a kind; motions of everybody are an archive. */
export function fileKindOf(kind: ExportKind, isArchive: boolean): Kind {
  return isArchive ? ARCHIVE : KINDS[kind];
}

/** No system allows more, with what is around the name. */
const PART_LENGTH_MAX = 80;

/** Text as a part of a file's name on any system: no letters that mean something there, no dots at its ends. */
export function fileNamePart(text: string): string {
  const plain = text.replace(/[\p{Cc}\\/:*?"<>|\s]+/gu, ' ');
  const short = [...plain].slice(0, PART_LENGTH_MAX).join('');
  return short.replace(/^[ .]+|[ .]+$/g, '');
}

function dayOf(unixMs: number): string {
  const date = new Date(unixMs);
  const numbers = [date.getMonth() + 1, date.getDate()].map((number) => String(number).padStart(2, '0'));
  return [date.getFullYear(), ...numbers].join('-');
}

/** The name of a file: meeting, person or view, day. Empty parts and a day that is not known are left out. */
export function fileNameOf(parts: readonly string[], startedAtMs: number | null, extension: string): string {
  const words = parts.map(fileNamePart).filter((part) => part !== '');
  const day = startedAtMs === null ? [] : [dayOf(startedAtMs)];
  return `${[...words, ...day].join(', ')}.${extension}`;
}
