'use client';

import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { MeetingLookup } from '@/app/_session/lookUp';
import type { JoinChoice, MeetingSession, SessionSnapshot } from '@/app/_session/sessionContract';
import type { MeetingParts } from './meetingParts';

/** One stay: made with a choice it joins at once, without one it looks first, unless that has been done. */
export interface StayRequest {
  readonly choice: JoinChoice | null;
  readonly found?: MeetingLookup;
}

/**
 * Keeps one session for each `request` object: made when what it is made of is there, left when the page goes or the
 * request changes. Null until then.
 */
export function useMeetingSession(
  meetingId: string,
  request: StayRequest,
  parts: MeetingParts | null,
): MeetingSession | null {
  const [session, setSession] = useState<MeetingSession | null>(null);
  useEffect(() => {
    if (!parts) return;
    const made = parts.createMeetingSession(meetingId, request.found);
    setSession(made);
    if (request.choice) void made.join(request.choice);
    else if (!request.found) void made.look();
    return () => {
      setSession(null);
      void made.leave();
    };
  }, [meetingId, request, parts]);
  return session;
}

const NEVER = () => () => {};

/** What React draws of a session; null without one. */
export function useSessionSnapshot(session: MeetingSession | null): SessionSnapshot | null {
  const subscribe = useCallback((listener: () => void) => (session ? session.subscribe(listener) : NEVER()), [session]);
  const read = () => session?.getSnapshot() ?? null;
  return useSyncExternalStore(subscribe, read, read);
}
