'use client';

import { useCallback } from 'react';
import type { RecordingTimeline } from '@/lib/recording/timeline';
import type { OpenRecording, TimelineProgress } from '@/lib/replay/openRecording';
import type { ReplaySubject } from '../ReplayPage';
import { filesUrlOf } from '../replayLink';
import { ExportPanel, type WantedFile } from './ExportPanel';
import { exportInWorker } from './exportInWorker';
import { ExportFailed, type ExportWaiter, type RecordingPlace } from './exportOrder';

const segmentsUrlOf = (right: string) => new URL(`${filesUrlOf(right)}segments`, window.location.href).href;

function placeOf(subject: ReplaySubject, { source }: OpenRecording): RecordingPlace {
  if ('file' in subject) return subject;
  return { segmentsUrl: segmentsUrlOf(subject.right), sizeBytes: source.sizeBytes };
}

/** Makes files of a recording, once it has been read. */
function useMaker(subject: ReplaySubject, recording: OpenRecording, timeline: RecordingTimeline | null) {
  return useCallback(
    async ({ kind: format, fromMs, toMs, ...wanted }: WantedFile, waiter: ExportWaiter): Promise<Blob> => {
      if (!timeline) throw new ExportFailed('nothingThere', 'The recording has not been read yet.');
      const order = {
        ...wanted,
        format,
        place: placeOf(subject, recording),
        recording: { timeline, rows: recording.rows },
        fromMs: fromMs === null ? null : timeline.fromMs + fromMs,
        toMs: toMs === null ? null : timeline.fromMs + toMs,
        siteUrl: window.location.origin,
      };
      return exportInWorker(order, waiter);
    },
    [subject, recording, timeline],
  );
}

interface ExportingProps {
  readonly isOpen: boolean;
  /** The meeting's title. */
  readonly title: string;
  readonly subject: ReplaySubject;
  readonly recording: OpenRecording;
  readonly progress: TimelineProgress | null;
  /** How long it plays, ms. */
  readonly lengthMs: number;
  onClose(): void;
  onStatus(words: string): void;
}

/** Saving and exporting the recording of a replay. */
export function Exporting({ subject, recording, ...panel }: ExportingProps) {
  const make = useMaker(subject, recording, panel.progress?.timeline ?? null);
  return <ExportPanel {...panel} recordingUrl={'right' in subject ? segmentsUrlOf(subject.right) : null} make={make} />;
}
