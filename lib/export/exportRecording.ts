import type { RecordedPerson } from '@/lib/recording/timeline';
import { BvhWriter } from './bvh';
import { ExportError } from './exportError';
import type { ExportFormat, ExportRequest, ExportSink } from './exportRequest';
import { type MotionRequest, readMotion } from './readMotion';
import { VrmaWriter } from './vrma';
import { writeVtt } from './webVtt';

const BVH_FPS = 30;
/** Text is handed on in pieces of this many letters. */
const PIECE_LETTERS = 256 * 1024;

type Exporter = (request: ExportRequest, sink: ExportSink) => Promise<void>;

/** The person meant by an id or a name, of those who moved. @throws ExportError `noPerson`, `severalPeople` */
function moverOf({ recording, person }: ExportRequest): RecordedPerson {
  const moved = recording.timeline.people.filter(({ poses }) => poses > 0);
  const found = person === null ? moved : moved.filter(({ id, name }) => id === person || name === person);
  const [only, ...others] = found;
  if (!only) throw ExportError.noPerson(moved);
  if (others.length > 0) throw ExportError.severalPeople(found);
  return only;
}

function motionOf(request: ExportRequest, { id, fromMs, toMs }: RecordedPerson): MotionRequest {
  const { source, recording, signal, onProgress } = request;
  const times = { fromMs: request.fromMs ?? fromMs, toMs: request.toMs ?? toMs };
  return { source, rows: recording.rows, personId: id, ...times, signal, onProgress };
}

const exportVrma: Exporter = async (request, sink) => {
  const person = moverOf(request);
  const name = person.name || person.id;
  const motion = motionOf(request, person);
  const writer = new VrmaWriter(motion.fromMs, name);
  await readMotion(motion, (pose, timeMs) => writer.add(pose, timeMs));
  const glb = writer.finish();
  if (!glb) throw ExportError.nothingThere(name);
  await sink(glb, 0);
};

/** Text as bytes, one piece after the other. */
class TextSink {
  private readonly encoder = new TextEncoder();
  private text = '';
  private atByte = 0;
  private written: Promise<void> = Promise.resolve();

  constructor(private readonly sink: ExportSink) {}

  add(text: string): void {
    this.text += text;
    if (this.text.length >= PIECE_LETTERS) this.flush();
  }

  /** Waits until all of it is where it goes. */
  async finish(): Promise<void> {
    this.flush();
    await this.written;
  }

  private flush(): void {
    const bytes = this.encoder.encode(this.text);
    const { atByte, sink } = this;
    this.text = '';
    this.atByte += bytes.length;
    this.written = this.written.then(() => sink(bytes, atByte));
    // What fails is reported by `finish`.
    this.written.catch(() => {});
  }
}

const exportBvh: Exporter = async (request, sink) => {
  const person = moverOf(request);
  const motion = motionOf(request, person);
  const text = new TextSink(sink);
  const shape = { startMs: motion.fromMs, endMs: motion.toMs, fps: BVH_FPS };
  const writer = new BvhWriter(shape, (piece) => text.add(piece));
  let frames = 0;
  await readMotion(motion, (pose, timeMs) => {
    writer.add(pose, timeMs);
    frames += 1;
  });
  if (frames === 0) throw ExportError.nothingThere(person.name || person.id);
  writer.finish();
  await text.finish();
};

const exportVtt: Exporter = async ({ recording, fromMs, toMs }, sink) => {
  const text = writeVtt(recording.timeline, ['chat', 'speaking'], fromMs ?? 0, toMs ?? undefined);
  await sink(new TextEncoder().encode(text), 0);
};

const EXPORTERS: Readonly<Record<ExportFormat, Exporter>> = { vrma: exportVrma, bvh: exportBvh, vtt: exportVtt };

/**
 * Turns a recording, or a part of it, into a file of another format. Nothing of the file is of use before it resolves. Runs in any
 * thread. @throws ExportError, RecordingError; the signal's reason; what `sink` throws
 */
export function exportRecording(request: ExportRequest, sink: ExportSink): Promise<void> {
  return EXPORTERS[request.format](request, sink);
}
