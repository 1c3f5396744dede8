import type { PoseExchange } from '@/lib/meeting/poseExchange';
import type { DrawnPerson, ParleyStats } from '@/lib/meeting/stats';
import { createPose } from '@/lib/pose/pose';
import type { SceneHandle } from '@/scene/react/sceneContract';
import type { SessionSnapshot } from './sessionContract';
import type { VoiceSession } from './voiceContract';
import type { WebcamSession } from './webcamSession';

const NO_FRAMES = { fps: 0, cpuMs: 0, draws: 0, triangles: 0 };

const drawn = createPose();

function selfOf({ self, meeting }: SessionSnapshot, exchange: PoseExchange | null): ParleyStats['self'] {
  if (!self || !meeting) return undefined;
  if (self.role === 'participant') return exchange?.selfStats(self.id, self.seat);
  return { id: self.id, seat: null, role: 'spectator', tier: meeting.tier, posesSent: 0, bytesSent: 0 };
}

function drawnPerson(scene: SceneHandle | null, personId: string): DrawnPerson {
  const isDrawn = scene?.drawnPose(personId, drawn) ?? false;
  return { lod: scene?.lod(personId) ?? -1, pose: isDrawn ? drawn : null };
}

/** The `parley.stats()` of a session: a snapshot. */
export function sessionStats(
  snapshot: SessionSnapshot,
  exchange: PoseExchange | null,
  scene: SceneHandle | null,
  voice: VoiceSession,
  webcam: WebcamSession,
): ParleyStats {
  const { phase, failure, meeting, self } = snapshot;
  const others = exchange && meeting ? meeting.people.filter(({ id }) => id !== self?.id) : [];
  return {
    connection: phase,
    reason: failure?.reason,
    self: selfOf(snapshot, exchange),
    participants: others.map((person) => exchange!.participantStats(person, drawnPerson(scene, person.id))),
    spectators: meeting?.spectators ?? 0,
    dropped: Object.fromEntries(exchange?.feed.dropped ?? []),
    frame: scene?.frameStats() ?? NO_FRAMES,
    voice: phase === 'lobby' ? undefined : voice.stats(),
    camera: webcam.stats(),
  };
}

const FRAME_WATCH_MS = 1_000;

/**
 * Calls `tell` once a second with the time between rendered frames, ms; null while nothing is drawn. The returned function
 * ends it.
 */
export function watchFrames(scene: () => SceneHandle | null, tell: (frameMs: number | null) => void): () => void {
  const timer = setInterval(() => {
    const fps = scene()?.frameStats().fps ?? 0;
    tell(fps > 0 ? 1000 / fps : null);
  }, FRAME_WATCH_MS);
  return () => clearInterval(timer);
}
