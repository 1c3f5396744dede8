'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { useSnapshot } from '@/app/_hooks/useSnapshot';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MessageKey } from '@/app/_i18n/messages';
import type { SessionSnapshot } from '@/app/_session/sessionContract';
import type { MicrophoneState, VoiceSession } from '@/app/_session/voiceContract';
import type { WebcamSession } from '@/app/_session/webcamSession';
import type { MeetingRole, SeatedPerson } from '@/lib/core/meeting';
import { meetingPath } from '@/lib/core/meetingId';
import { Scope } from '@/lib/core/scope';
import { webcamProblem } from '../dock/deviceLook';

const SHOWN_MS = 4000;
const SHOWN_MAX = 4;

/** One short message. */
export interface Toast {
  readonly id: number;
  readonly text: string;
}

/** Short messages that disappear by themselves, the oldest first. */
export function useToasts(): { toasts: readonly Toast[]; say(text: string): void } {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const nextId = useRef(0);
  const timers = useRef(new Set<number>());
  useEffect(() => {
    const running = timers.current;
    return () => {
      for (const timer of running) window.clearTimeout(timer);
    };
  }, []);
  const say = useCallback((text: string) => {
    const id = nextId.current++;
    setToasts((shown) => [...shown, { id, text }].slice(-SHOWN_MAX));
    const timer = window.setTimeout(() => {
      timers.current.delete(timer);
      setToasts((shown) => shown.filter((toast) => toast.id !== id));
    }, SHOWN_MS);
    timers.current.add(timer);
  }, []);
  return { toasts, say };
}

/** Who joined and who left between two lists, without the local participant. */
function peopleChanges(
  before: readonly SeatedPerson[],
  after: readonly SeatedPerson[],
  selfId: string | null,
): { joined: readonly SeatedPerson[]; left: readonly SeatedPerson[] } {
  const missingFrom = (list: readonly SeatedPerson[]) => (person: SeatedPerson) =>
    person.id !== selfId && !list.some(({ id }) => id === person.id);
  return { joined: after.filter(missingFrom(before)), left: before.filter(missingFrom(after)) };
}

/** Says who joins and leaves while the session is live, when its connection is back, and that the site is to restart. */
export function usePeopleNews(snapshot: SessionSnapshot, say: (text: string) => void): void {
  const { t } = useTranslator();
  const before = useRef<SessionSnapshot | null>(null);
  useEffect(() => {
    const last = before.current;
    before.current = snapshot;
    if (snapshot.phase !== 'live') return;
    if (last?.phase === 'connecting' && snapshot.self?.role === 'spectator') say(t('meeting.watching'));
    if (!last) return;
    if (last.phase === 'reconnecting') say(t('toast.back'));
    if (last.phase !== 'live' || !last.meeting || !snapshot.meeting) return;
    const { joined, left } = peopleChanges(last.meeting.people, snapshot.meeting.people, snapshot.self?.id ?? null);
    for (const { name } of joined) say(t('toast.joined', { name }));
    for (const { name } of left) say(t('toast.left', { name }));
  }, [snapshot, say, t]);
  const isRestarting = snapshot.meeting?.restartsBy !== undefined;
  useEffect(() => {
    if (isRestarting) say(t('toast.restarting'));
  }, [isRestarting, say, t]);
}

const REFUSED = ['denied', 'missing', 'busy', 'failed'] as const satisfies readonly MicrophoneState[];

/** Says why the microphone did not start, that it was lost, and what happened to the shared screen. */
export function useVoiceNews(voice: VoiceSession, say: (text: string) => void): void {
  const { t } = useTranslator();
  const { microphone } = useSnapshot(voice);
  const before = useRef(microphone);
  useEffect(() => {
    const wasStarting = before.current === 'starting';
    before.current = microphone;
    const refused = REFUSED.find((state) => state === microphone);
    if (wasStarting && refused) say(t(`microphone.${refused}`));
  }, [microphone, say, t]);
  useEffect(() => {
    const scope = new Scope();
    scope.add(
      voice.news.on('microphoneLost', () => say(t('toast.microphoneLost'))),
      voice.news.on('screenEnded', () => say(t('toast.screenEnded'))),
      voice.news.on('screenFailed', ({ reason }) =>
        say(t(reason === 'denied' ? 'toast.screenDenied' : 'toast.screenFailed')),
      ),
    );
    return () => scope.close();
  }, [voice, say, t]);
}

/** Says why the webcam did not start, and that it was lost. */
export function useWebcamNews(webcam: WebcamSession, say: (text: string) => void): void {
  const { t } = useTranslator();
  const { phase } = useSnapshot(webcam);
  const before = useRef(phase);
  useEffect(() => {
    const wasInUse = before.current === 'starting' || before.current === 'live';
    before.current = phase;
    const problem = webcamProblem(phase);
    if (wasInUse && problem) say(t(`webcam.${problem}`));
  }, [phase, say, t]);
}

/** A link to the meeting: to take a seat, to watch, or to watch its recording while it is made. */
export type LinkKind = MeetingRole | 'live';

const COPIED: Readonly<Record<LinkKind, MessageKey>> = {
  participant: 'toast.copied',
  spectator: 'toast.watchCopied',
  live: 'live.copied',
};

/** Copies a link to the meeting and says so. */
export function useCopyLink(meetingId: string, say: (text: string) => void): (kind: LinkKind) => Promise<void> {
  const { t } = useTranslator();
  return async (kind) => {
    const path = kind === 'live' ? `/m/${meetingId}/live` : meetingPath(meetingId, kind);
    try {
      await navigator.clipboard.writeText(new URL(path, window.location.origin).href);
      say(t(COPIED[kind]));
    } catch {
      say(t('toast.copyFailed'));
    }
  };
}
