import type { FrameSink } from '@/lib/codec/codec';
import { PlayedTime } from '@/lib/recording/playedTime';
import type { RecordedPerson } from '@/lib/recording/timeline';
import { AvatarMotionWriter } from './avatarMotion';
import { BvhWriter } from './bvh';
import { ExportError } from './exportError';
import type { ExportFormat, ExportRequest, ExportSink } from './exportRequest';
import { type MotionRequest, readMotion } from './readMotion';
import type { RangeRequest } from './readRange';
import { TextStream } from './textStream';
import { VrmaWriter } from './vrma';
import { writeWav } from './wavMix';
import { writeWebm } from './webmVoices';
import { writeVtt } from './webVtt';

const BVH_FPS = 30;

type Exporter = (request: ExportRequest, sink: ExportSink) => Promise<void>;

const nameOf = ({ id, name }: RecordedPerson) => name || id;

function named(people: readonly RecordedPerson[], person: string): RecordedPerson[] {
  return people.filter(({ id, name }) => id === person || name === person);
}

/** The one person meant by an id or a name, of those who have done something. @throws ExportError `noPerson`, `severalPeople` */
function onlyOne(people: readonly RecordedPerson[], person: string | null, did: string): RecordedPerson {
  const found = person === null ? people : named(people, person);
  const [only, ...others] = found;
  if (!only) throw ExportError.noPerson(people, did);
  if (others.length > 0) throw ExportError.severalPeople(found);
  return only;
}

function rangeOf(
  request: ExportRequest,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): RangeRequest {
  const { source, recording, signal, onProgress } = request;
  const times = { fromMs: request.fromMs ?? fromMs, toMs: request.toMs ?? toMs };
  return { source, rows: recording.rows, ...times, signal, onProgress };
}

/** A person's motion on the played time: `sink` gets each frame, later than the one before. */
async function playMotion(motion: MotionRequest, sink: FrameSink): Promise<void> {
  const played = new PlayedTime(motion.rows);
  let lastMs = Number.NEGATIVE_INFINITY;
  await readMotion(motion, (pose, timeMs) => {
    const playedMs = played.playedMsOf(timeMs);
    if (playedMs > lastMs) sink(pose, playedMs);
    lastMs = Math.max(lastMs, playedMs);
  });
}

/** When a part begins and ends, on the played time. */
function playedRange({ rows, fromMs, toMs }: RangeRequest): { readonly startMs: number; readonly endMs: number } {
  const played = new PlayedTime(rows);
  return { startMs: played.playedMsOf(fromMs), endMs: played.playedMsOf(toMs) };
}

/** Who moves, and the part of the recording in which they do. */
function motionOf(request: ExportRequest): { readonly person: RecordedPerson; readonly motion: MotionRequest } {
  const moved = request.recording.timeline.people.filter(({ poses }) => poses > 0);
  const person = onlyOne(moved, request.person, 'moved');
  return { person, motion: { ...rangeOf(request, person), personId: person.id } };
}

/** The voices that are there in the time asked for. */
function voicesOf(request: ExportRequest): {
  readonly people: readonly RecordedPerson[];
  readonly range: RangeRequest;
} {
  const { timeline } = request.recording;
  const people = timeline.people.filter(({ voicePackets }) => voicePackets > 0);
  if (people.length === 0) throw ExportError.noPerson(people, 'spoken');
  const range = rangeOf(request, timeline);
  if (range.toMs <= range.fromMs) throw ExportError.nothingThere('the meeting');
  return { people, range };
}

const exportVrma: Exporter = async (request, sink) => {
  const { person, motion } = motionOf(request);
  const writer = new VrmaWriter(playedRange(motion).startMs, nameOf(person));
  await playMotion(motion, (pose, timeMs) => writer.add(pose, timeMs));
  const file = writer.finish();
  if (!file) throw ExportError.nothingThere(nameOf(person));
  await sink(file, 0);
};

const exportGlb: Exporter = async (request, sink) => {
  const { person, motion } = motionOf(request);
  const avatar = await request.loadAvatar(person.avatar);
  const writer = new AvatarMotionWriter(avatar, playedRange(motion).startMs, nameOf(person));
  await playMotion(motion, (pose, timeMs) => writer.add(pose, timeMs));
  const file = writer.finish();
  if (!file) throw ExportError.nothingThere(nameOf(person));
  await sink(file, 0);
};

const exportBvh: Exporter = async (request, sink) => {
  const { person, motion } = motionOf(request);
  const text = new TextStream(sink);
  const shape = { ...playedRange(motion), fps: BVH_FPS };
  const writer = new BvhWriter(shape, (piece) => text.add(piece));
  let frames = 0;
  await playMotion(motion, (pose, timeMs) => {
    writer.add(pose, timeMs);
    frames += 1;
  });
  if (frames === 0) throw ExportError.nothingThere(nameOf(person));
  writer.finish();
  await text.finish();
};

const exportWebm: Exporter = async (request, sink) => {
  const { people, range } = voicesOf(request);
  await writeWebm(range, request.person === null ? people : [onlyOne(people, request.person, 'spoken')], sink);
};

const exportWav: Exporter = async (request, sink) => {
  const { people, range } = voicesOf(request);
  const everybody = request.recording.timeline.people;
  const listener = request.person === null ? null : onlyOne(everybody, request.person, 'been there');
  await writeWav(range, people, { plan: request.room, listenerId: listener?.id ?? null }, sink);
};

const exportVtt: Exporter = async ({ recording, fromMs, toMs }, sink) => {
  const played = new PlayedTime(recording.rows);
  const range = { startMs: fromMs ?? recording.timeline.fromMs, endMs: toMs ?? Number.POSITIVE_INFINITY };
  const text = writeVtt(recording.timeline, ['chat', 'speaking'], { ...range, placeOf: (ms) => played.playedMsOf(ms) });
  await sink(new TextEncoder().encode(text), 0);
};

const EXPORTERS: Readonly<Record<ExportFormat, Exporter>> = {
  vrma: exportVrma,
  bvh: exportBvh,
  glb: exportGlb,
  webm: exportWebm,
  wav: exportWav,
  vtt: exportVtt,
};

/**
 * Turns a recording, or a part of it, into a file of another format, on the played time: breaks are left out. The file is of no use before it resolves. Runs in any thread.
 * @throws ExportError, AvatarFileError; the signal's reason; what the source, `loadAvatar` and `sink` throw
 */
export function exportRecording(request: ExportRequest, sink: ExportSink): Promise<void> {
  return EXPORTERS[request.format](request, sink);
}
