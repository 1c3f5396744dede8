'use client';

import { useCallback, useEffect, useMemo, useState } from 'react';
import { EXPORT_FORMATS } from '@/lib/export/exportRequest';
import { filmCodecsFor } from '@/lib/export/filmFile';
import { PlayedTime } from '@/lib/recording/playedTime';
import type { RecordingTimeline } from '@/lib/recording/timeline';
import type { OpenRecording, TimelineProgress } from '@/lib/replay/openRecording';
import type { PlateLabels } from '@/scene/react/sceneContract';
import { startingMood } from '../../meeting/meetingUi';
import type { ReplaySubject } from '../ReplayPage';
import { filesUrlOf } from '../replayLink';
import { ExportPanel, type WantedFile } from './ExportPanel';
import { exportInWorker } from './exportInWorker';
import { type ExportKind, FILM_KINDS, fileKindOf, isFilm } from './exportKinds';
import { ExportFailed, type ExportWaiter, type RecordingPlace } from './exportOrder';
import { type FilmLook, makeFilm } from './makeFilm';

const segmentsUrlOf = (right: string) => new URL(`${filesUrlOf(right)}segments`, window.location.href).href;

function placeOf(subject: ReplaySubject, { source }: OpenRecording): RecordingPlace {
  if ('file' in subject) return subject;
  return { segmentsUrl: segmentsUrlOf(subject.right), sizeBytes: source.sizeBytes };
}

/** What files are made of. */
interface Material {
  readonly subject: ReplaySubject;
  readonly recording: OpenRecording;
  readonly timeline: RecordingTimeline;
  readonly labels: PlateLabels;
  /** How the room is seen in the page. */
  lookNow(): FilmLook;
}

/** A file that a worker makes. */
function makeInWorker(
  { subject, recording, timeline }: Material,
  { kind: format, person, fromMs, toMs, mimeType }: WantedFile & { kind: (typeof EXPORT_FORMATS)[number] },
  waiter: ExportWaiter,
): Promise<Blob> {
  const played = new PlayedTime(recording.rows);
  const order = {
    format,
    person,
    mimeType,
    place: placeOf(subject, recording),
    recording: { timeline, rows: recording.rows },
    fromMs: fromMs === null ? null : played.recordedMsOf(fromMs),
    toMs: toMs === null ? null : played.recordedMsOf(toMs),
    siteUrl: window.location.origin,
  };
  return exportInWorker(order, waiter);
}

function lookOf({ person, isSeenFromHere }: WantedFile, { lookNow }: Material): FilmLook {
  if (isSeenFromHere) return lookNow();
  return { view: person === null ? 'speaker' : 'firstPerson', seatOf: person, camera: null };
}

/** A video, which is drawn here; its sound is mixed in a worker. */
function makeVideo(
  material: Material,
  wanted: WantedFile & { kind: keyof typeof FILM_KINDS },
  waiter: ExportWaiter,
): Promise<Blob> {
  const { recording, timeline, subject, labels } = material;
  const { kind, mimeType, height, fromMs, toMs } = wanted;
  const played = new PlayedTime(recording.rows);
  const look = lookOf(wanted, material);
  const isHeard = timeline.people.some(({ voicePackets }) => voicePackets > 0);
  const sound = {
    format: 'wav' as const,
    person: look.seatOf,
    mimeType: fileKindOf('wav', false).mimeType,
    place: placeOf(subject, recording),
    recording: { timeline, rows: recording.rows },
    siteUrl: window.location.origin,
  };
  const order = {
    container: FILM_KINDS[kind],
    mimeType,
    height,
    recording,
    stretches: played.between(fromMs ?? 0, toMs ?? played.lengthMs),
    look,
    mood: startingMood(),
    labels,
    soundOf: async (stretch: { fromMs: number; toMs: number }, soundWaiter: ExportWaiter) =>
      isHeard ? exportInWorker({ ...sound, fromMs: stretch.fromMs, toMs: stretch.toMs }, soundWaiter) : null,
  };
  return makeFilm(order, waiter);
}

/** What this browser can make; videos only where it draws. */
function useKinds(drawn: boolean): readonly ExportKind[] {
  const [films, setFilms] = useState<readonly ExportKind[]>([]);
  useEffect(() => {
    if (!drawn || typeof VideoEncoder !== 'function') return;
    let isCurrent = true;
    const kinds = Object.keys(FILM_KINDS) as (keyof typeof FILM_KINDS)[];
    void Promise.all(kinds.map((kind) => filmCodecsFor(FILM_KINDS[kind], 1280, 720))).then((codecs) => {
      if (isCurrent) setFilms(kinds.filter((_, k) => codecs[k]));
    });
    return () => {
      isCurrent = false;
    };
  }, [drawn]);
  return useMemo(() => [...films, ...EXPORT_FORMATS], [films]);
}

interface ExportingProps {
  readonly isOpen: boolean;
  /** The meeting's title. */
  readonly title: string;
  readonly subject: ReplaySubject;
  readonly recording: OpenRecording;
  readonly progress: TimelineProgress | null;
  /** Whether the room is drawn. */
  readonly drawn: boolean;
  readonly labels: PlateLabels;
  lookNow(): FilmLook;
  onClose(): void;
  onStatus(words: string): void;
  /** Hears when a video begins to be drawn, and when no more is. */
  onFilming(isFilming: boolean): void;
}

/** Saving and exporting the recording of a replay. */
export function Exporting({ subject, recording, drawn, labels, lookNow, onFilming, ...panel }: ExportingProps) {
  const timeline = panel.progress?.timeline ?? null;
  const make = useCallback(
    async (wanted: WantedFile, waiter: ExportWaiter): Promise<Blob> => {
      if (!timeline) throw new ExportFailed('nothingThere', 'The recording has not been read yet.');
      const material = { subject, recording, timeline, labels, lookNow };
      const { kind } = wanted;
      if (!isFilm(kind)) return makeInWorker(material, { ...wanted, kind }, waiter);
      onFilming(true);
      return makeVideo(material, { ...wanted, kind }, waiter).finally(() => onFilming(false));
    },
    [subject, recording, timeline, labels, lookNow, onFilming],
  );
  return (
    <ExportPanel
      {...panel}
      lengthMs={new PlayedTime(recording.rows).lengthMs}
      recordingUrl={'right' in subject ? segmentsUrlOf(subject.right) : null}
      kinds={useKinds(drawn)}
      make={make}
    />
  );
}
