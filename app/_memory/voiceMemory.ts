import { readStored, writeStored } from './storage';

const KEY = 'parley.voice';

/** The highest volume of everything, and of one person; 1 is unchanged. */
export const MASTER_MAX = 1.5;
export const PERSON_MAX = 2;

/** The largest number of people whose volume is kept; the latest changes stay. */
const PEOPLE_MAX = 64;

/** How to join: unmuted, muted, or without a microphone. */
const MICROPHONE_WISHES = ['open', 'muted', 'none'] as const;

export type MicrophoneWish = (typeof MICROPHONE_WISHES)[number];

/** What is remembered about sound. */
export interface VoiceMemory {
  readonly wish: MicrophoneWish;
  /** '' for the browser's choice. */
  readonly deviceId: string;
  /** Volume of everything, 0 to `MASTER_MAX`. */
  readonly master: number;
  /** Volume of people by their id, 0 to `PERSON_MAX`; everyone else has 1. */
  readonly people: Readonly<Record<string, number>>;
}

function volumeIn(value: unknown, most: number): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? Math.min(most, Math.max(0, value)) : null;
}

function parsePeople(stored: unknown): Record<string, number> {
  if (typeof stored !== 'object' || stored === null) return {};
  const volumes = Object.entries(stored).flatMap(([id, value]) => {
    const volume = volumeIn(value, PERSON_MAX);
    return volume === null ? [] : [[id, volume] as const];
  });
  return Object.fromEntries(volumes.slice(-PEOPLE_MAX));
}

/** Reads what was remembered, whatever the storage holds. */
function parseVoiceMemory(stored: unknown): VoiceMemory {
  const { wish, deviceId, master, people } = (stored ?? {}) as Record<string, unknown>;
  return {
    wish: MICROPHONE_WISHES.find((known) => known === wish) ?? 'none',
    deviceId: typeof deviceId === 'string' ? deviceId : '',
    master: volumeIn(master, MASTER_MAX) ?? 1,
    people: parsePeople(people),
  };
}

/** The volumes with `personId` at `volume`; an unchanged volume (1) needs no entry. */
export function withVolume(
  people: Readonly<Record<string, number>>,
  personId: string,
  volume: number,
): Readonly<Record<string, number>> {
  const others = Object.entries(people).filter(([id]) => id !== personId);
  const kept = volume === 1 ? others : [...others, [personId, Math.min(PERSON_MAX, Math.max(0, volume))] as const];
  return Object.fromEntries(kept.slice(-PEOPLE_MAX));
}

export function recallVoice(): VoiceMemory {
  return parseVoiceMemory(readStored(KEY));
}

/** Changes part of what is remembered. */
export function rememberVoice(part: Partial<VoiceMemory>): void {
  writeStored(KEY, { ...recallVoice(), ...part });
}
