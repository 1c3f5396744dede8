import { systemScheduler } from '@/lib/core/clock';
import { SEATS_MAX } from '@/lib/core/meeting';
import { type FilmCodecs, FilmFile, filmCodecsFor } from '@/lib/export/filmFile';
import { RATE_HZ } from '@/lib/export/roomMix';
import type { Stretch } from '@/lib/recording/playedTime';
import type { OpenRecording } from '@/lib/replay/openRecording';
import { Replay } from '@/lib/replay/replay';
import type { ReplayScreens } from '@/lib/replay/replayScreens';
import type { CameraPlace, MeetingSettings, PlateLabels, RoomMood, View } from '@/scene/react/sceneContract';
import { loadPictures } from '../../ui/loadPictures';
import { openScreens, SPOKEN_LEVEL } from '../useReplay';
import { ExportFailed, type ExportWaiter } from './exportOrder';
import { GrowingFile } from './growingFile';

/** From where a film is seen. */
export interface FilmLook {
  readonly view: View;
  /** Whose seat it is seen from. */
  readonly seatOf: string | null;
  /** Where the camera stays; null where the view moves it. */
  readonly camera: CameraPlace | null;
}

/** A film of a recording. */
export interface FilmOrder {
  readonly container: 'mp4' | 'webm';
  readonly mimeType: string;
  /** Height, pixels; the width is sixteen ninths of it. */
  readonly height: number;
  readonly recording: OpenRecording;
  /** What is shown, one after the other. */
  readonly stretches: readonly Stretch[];
  readonly look: FilmLook;
  readonly mood: RoomMood;
  readonly labels: PlateLabels;
  /** Makes the sound of a stretch as a WAV file of 16-bit stereo at 48 kHz; null if the stretch has no voices. */
  soundOf(stretch: Stretch, waiter: ExportWaiter): Promise<Blob | null>;
}

const FPS = 30;
const FRAME_MS = 1000 / FPS;
/** The share of the time that the sound takes. */
const SOUND_SHARE = 0.1;
const WAV_HEADER_BYTES = 44;
const SAMPLE_BYTES = 4;
/** Bytes of the recording that have not come for so long do not come. */
const WAIT_MAX_MS = 60_000;
const WAIT_MS = 10;
/** A picture of a shared screen that has not come for so long is one that cannot be decoded. */
const PICTURE_WAIT_MS = 1000;
const NO_PEOPLE: ReadonlySet<string> = new Set();
/** How fast the lead over the voices follows the delay of poses, ms a frame. */
const LEAD_STEP_MS = 1;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Lets the page do what else it has to do; unlike timers, as fast in a tab that is not seen. */
function otherTasks(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** A replay that goes on only as it is told to, and shows each moment whole, however long its bytes take. */
class SteppedReplay {
  readonly replay: Replay;
  readonly screens: ReplayScreens | null;
  private wallMs = 0;
  private leadMs = 0;

  constructor(
    recording: OpenRecording,
    private readonly signal: AbortSignal,
  ) {
    const scheduler = { ...systemScheduler, nowMs: () => this.wallMs };
    this.replay = new Replay({ recording, scheduler });
    this.screens = openScreens(this.replay);
    signal.addEventListener('abort', () => this.close());
  }

  async begin(fromMs: number): Promise<void> {
    let isShown = false;
    void this.replay.seek(fromMs).then(() => {
      isShown = true;
    });
    await this.until(() => isShown);
    this.replay.play();
  }

  /** Shows a moment. People are drawn with the voice of that moment, so as much ahead as playout is behind. */
  async show({ toMs }: Stretch, atMs: number): Promise<void> {
    this.leadMs += Math.max(-LEAD_STEP_MS, Math.min(LEAD_STEP_MS, this.meanDelayMs() - this.leadMs));
    const goalMs = Math.min(toMs - 1, atMs + this.leadMs);
    await this.until(() => {
      this.wallMs += Math.max(0, goalMs - this.replay.positionMs);
      this.replay.advance();
      return this.replay.positionMs >= goalMs - 0.01;
    });
    const sinceMs = performance.now();
    await this.until(() => (this.screens?.isCurrent ?? true) || performance.now() - sinceMs > PICTURE_WAIT_MS);
  }

  close(): void {
    this.screens?.close();
    this.replay.close();
  }

  private meanDelayMs(): number {
    const { people } = this.replay.store.getSnapshot();
    if (people.length === 0) return this.leadMs;
    return people.reduce((sum, { id }) => sum + this.replay.delayMsOf(id), 0) / people.length;
  }

  private async until(isDone: () => boolean): Promise<void> {
    const sinceMs = performance.now();
    while (!isDone()) {
      this.signal.throwIfAborted();
      if (performance.now() - sinceMs > WAIT_MAX_MS) throw new ExportFailed('unreachable', 'The recording stays away.');
      await pause(WAIT_MS);
    }
    this.signal.throwIfAborted();
  }
}

/** What the scene shows of the moment at which a replay is. */
function settingsOf({ replay, screens }: SteppedReplay, { look, mood, labels }: FilmOrder): MeetingSettings {
  const screen = screens?.store.getSnapshot().shown;
  const { people, meeting } = replay.store.getSnapshot();
  const speaks = (id: string) =>
    replay.store.getSnapshot().meeting.people.some(({ person, isSpeaking }) => person === id && isSpeaking);
  return {
    people,
    selfId: look.seatOf,
    showSelf: true,
    feed: replay,
    voices: { level: (id) => (speaks(id) ? SPOKEN_LEVEL : 0) },
    ears: null,
    away: NO_PEOPLE,
    unheard: NO_PEOPLE,
    spectators: meeting.people.filter(({ seat }) => seat === null).length,
    screen: screens && screen ? { name: screen.name, picture: screens } : null,
    isRecorded: false,
    view: look.view,
    mood,
    reducedMotion: false,
    labels,
  };
}

/** A second of a WAV file, as samples of both sides in turns. */
async function soundAt(wav: Blob, second: number): Promise<Int16Array<ArrayBuffer>> {
  const secondBytes = RATE_HZ * SAMPLE_BYTES;
  const fromByte = WAV_HEADER_BYTES + second * secondBytes;
  return new Int16Array(await wav.slice(fromByte, fromByte + secondBytes).arrayBuffer());
}

async function soundsOf({ stretches, soundOf }: FilmOrder, { signal, onShare }: ExportWaiter): Promise<Blob[] | null> {
  const sounds: Blob[] = [];
  for (const [k, stretch] of stretches.entries()) {
    const waiter = { signal, onShare: (share: number) => onShare(((k + share) / stretches.length) * SOUND_SHARE) };
    const sound = await soundOf(stretch, waiter);
    if (!sound) return null;
    sounds.push(sound);
  }
  return sounds;
}

/** Draws all pictures and adds the sound; resolves with the file. */
async function drawFilm(
  order: FilmOrder,
  codecs: FilmCodecs,
  sounds: readonly Blob[] | null,
  stepped: SteppedReplay,
  onShare: (share: number) => void,
): Promise<Blob> {
  const { height, stretches, look, mimeType } = order;
  const { replay, screens } = stepped;
  const totalMs = stretches.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  const { FilmStage } = await loadPictures();
  await stepped.begin(stretches[0]!.fromMs);
  const format = { width: widthOf(height), height, seats: SEATS_MAX, camera: look.camera };
  const stage = await FilmStage.open(format, settingsOf(stepped, order));
  const file = new GrowingFile(mimeType);
  const film = new FilmFile(stage.canvas, codecs, sounds !== null, (bytes, atByte) => file.write(bytes, atByte));
  const read = () => ({ people: replay.store.getSnapshot().people, screen: screens?.store.getSnapshot().shown });
  let shown = read();

  async function addPicture(stretch: Stretch, atMs: number): Promise<void> {
    await stepped.show(stretch, stretch.fromMs + atMs);
    const { people, screen } = read();
    if (people !== shown.people || screen !== shown.screen) await stage.show(settingsOf(stepped, order));
    shown = { people, screen };
    stage.draw(FRAME_MS);
    await film.addPicture((stretch.atMs + atMs) / 1000, FRAME_MS / 1000);
  }

  async function addStretch(stretch: Stretch, sound: Blob | null): Promise<void> {
    const frames = Math.max(1, Math.round((stretch.toMs - stretch.fromMs) / FRAME_MS));
    for (let k = 0; k < frames; k += 1) {
      const atMs = k * FRAME_MS;
      if (sound && k % FPS === 0) await film.addSound(await soundAt(sound, k / FPS), (stretch.atMs + atMs) / 1000);
      await addPicture(stretch, atMs);
      onShare(SOUND_SHARE + (1 - SOUND_SHARE) * Math.min(1, (stretch.atMs + atMs + FRAME_MS) / totalMs));
      await otherTasks();
    }
  }

  try {
    await film.start(FPS);
    for (const [k, stretch] of stretches.entries()) {
      if (k > 0) await stepped.begin(stretch.fromMs);
      await addStretch(stretch, sounds?.[k] ?? null);
    }
    await film.finish();
    return file.finish();
  } catch (error) {
    await film.cancel();
    throw error;
  } finally {
    stage.close();
  }
}

/** The width of a picture of a height, pixels. */
function widthOf(height: number): number {
  return Math.round((height * 16) / 9);
}

/**
 * Makes a video file of a recording: each picture is drawn from the replay at its moment, as fast as this machine can. The page goes on
 * meanwhile. @throws ExportFailed; the signal's reason
 */
export async function makeFilm(order: FilmOrder, waiter: ExportWaiter): Promise<Blob> {
  const { container, height, recording, stretches } = order;
  const codecs = await filmCodecsFor(container, widthOf(height), height);
  if (!codecs) throw new ExportFailed('broken', 'This browser has no encoder for it.');
  if (stretches.length === 0) throw new ExportFailed('nothingThere', 'Nothing was recorded in that time.');
  const sounds = await soundsOf(order, waiter);
  const stepped = new SteppedReplay(recording, waiter.signal);
  try {
    return await drawFilm(order, codecs, sounds, stepped, waiter.onShare);
  } finally {
    stepped.close();
  }
}
