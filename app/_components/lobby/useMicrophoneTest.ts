'use client';

import { useEffect, useState, useSyncExternalStore } from 'react';
import { MicrophoneTest, type MicrophoneTestState } from '@/lib/voice/microphoneTest';

const NEVER = () => () => {};
const NOT_YET: MicrophoneTestState = { phase: 'off', deviceId: '', devices: [], sample: 'none' };

/** The microphone of the lobby and where it stands. */
export interface LobbyMicrophone extends MicrophoneTestState {
  /** Null until the page runs in a browser. */
  readonly test: MicrophoneTest | null;
}

/**
 * Keeps a microphone for the lobby and lets it go with it. It opens by itself only where it is wanted and the browser asks
 * nothing any more.
 */
export function useMicrophoneTest(deviceId: string, isWanted: boolean): LobbyMicrophone {
  const [test, setTest] = useState<MicrophoneTest | null>(null);
  // What is remembered when the lobby opens; a later choice goes to the test itself.
  const [start] = useState({ deviceId, isWanted });
  useEffect(() => {
    const made = new MicrophoneTest(start.deviceId);
    setTest(made);
    if (start.isWanted) void made.openIfAllowed();
    return () => made.close();
  }, [start]);
  const read = () => test?.getSnapshot() ?? NOT_YET;
  return { test, ...useSyncExternalStore(test?.subscribe ?? NEVER, read, read) };
}
