'use client';

import { useEffect, useState } from 'react';
import type { SessionPhase } from '@/app/_session/sessionContract';
import { webGl2Support } from '@/scene/react/webgl2';

/** Longest that a scene waits for the connection. */
const PATIENCE_MS = 2500;

/**
 * Whether it is the scene's turn. Where the CPU draws, building the scene holds the page up for a second or more, and
 * being in the meeting comes before seeing it; with a GPU both begin at once.
 */
export function useSceneTurn(phase: SessionPhase): boolean {
  const [turn, setTurn] = useState(() => phase !== 'connecting' || !webGl2Support()?.isSoftware);
  useEffect(() => {
    if (phase !== 'connecting') setTurn(true);
    const timer = window.setTimeout(() => setTurn(true), PATIENCE_MS);
    return () => window.clearTimeout(timer);
  }, [phase]);
  return turn;
}
