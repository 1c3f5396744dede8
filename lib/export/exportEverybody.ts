import { Zip, ZipPassThrough } from 'fflate';
import type { RecordedPerson } from '@/lib/recording/timeline';
import { ExportError } from './exportError';
import { exportRecording } from './exportRecording';
import type { ExportFormat, ExportRequest, ExportSink } from './exportRequest';

/** Formats of which a file holds the motion of one person. */
export const MOTION_FORMATS: readonly ExportFormat[] = ['vrma', 'bvh', 'glb'];

const NOTHING = new Uint8Array(0);

/** A ZIP archive that is written while its files are made, one after the other. */
class Archive {
  private readonly pieces: Uint8Array[] = [];
  private readonly zip = new Zip((error, bytes) => {
    if (error) throw error;
    this.pieces.push(bytes);
  });
  private atByte = 0;

  constructor(
    private readonly sink: ExportSink,
    private readonly mtime: number,
  ) {}

  /** Begins a file. Only once it is finished another may begin. */
  begin(name: string): ZipPassThrough {
    const file = new ZipPassThrough(name);
    file.mtime = this.mtime;
    this.zip.add(file);
    return file;
  }

  async flush(): Promise<void> {
    for (const piece of this.pieces.splice(0)) {
      await this.sink(piece, this.atByte);
      this.atByte += piece.length;
    }
  }

  async finish(): Promise<void> {
    this.zip.end();
    await this.flush();
  }
}

/** Exports one person into a file of the archive; false if there is nothing of them. */
async function exportInto(archive: Archive, name: string, request: ExportRequest): Promise<boolean> {
  let file: ZipPassThrough | null = null;
  try {
    await exportRecording(request, async (bytes) => {
      file ??= archive.begin(name);
      file.push(bytes);
      await archive.flush();
    });
  } catch (error) {
    if (error instanceof ExportError && error.reason === 'nothingThere') return false;
    throw error;
  }
  (file as ZipPassThrough | null)?.push(NOTHING, true);
  return true;
}

/**
 * Exports the motion of all who moved in the time asked for: a ZIP archive with a file of each, named by `nameOf`; two of one name are
 * told apart by a number. @throws ExportError `noPerson`, `nothingThere`; what {@link exportRecording} throws
 */
export async function exportEverybody(
  request: Omit<ExportRequest, 'person'>,
  nameOf: (person: RecordedPerson) => string,
  sink: ExportSink,
): Promise<void> {
  const { timeline } = request.recording;
  const people = timeline.people.filter(({ poses }) => poses > 0);
  if (people.length === 0) throw ExportError.noPerson(people, 'moved');
  const archive = new Archive(sink, timeline.startedAtMs);
  const used = new Map<string, number>();
  let files = 0;
  for (const [k, person] of people.entries()) {
    const name = nameOf(person);
    const times = (used.get(name) ?? 0) + 1;
    used.set(name, times);
    const onProgress = (share: number) => request.onProgress?.((k + share) / people.length);
    const fileName = `${times > 1 ? `${name} ${times}` : name}.${request.format}`;
    if (await exportInto(archive, fileName, { ...request, person: person.id, onProgress })) files += 1;
  }
  if (files === 0) throw ExportError.nothingThere('the meeting');
  await archive.finish();
}
