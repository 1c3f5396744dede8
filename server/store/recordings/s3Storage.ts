import { randomBytes } from 'node:crypto';
import {
  type GrowingFile,
  grownElsewhere,
  isRecordingId,
  type RecordingStorage,
  requireNames,
} from './recordingStorage';
import { S3Client, type S3Limits, type S3Object, type S3Place } from './s3Client';

/** Digits of an offset in a key, so that keys sort as offsets do. */
const OFFSET_DIGITS = 15;
/** Pieces that are read at once. */
const READ_AT_ONCE = 8;
/** Files whose pieces are remembered. */
const REMEMBERED_MAX = 256;
/** Attempts to put a piece where earlier ones of the same writer may still arrive. */
const APPEND_TRIES = 4;

/** One object of a growing file. */
interface Piece {
  readonly atByte: number;
  readonly sizeBytes: number;
}

function pieceKey(file: string, atByte: number): string {
  return `${file}/${String(atByte).padStart(OFFSET_DIGITS, '0')}`;
}

function toPiece({ key, sizeBytes }: S3Object): Piece {
  return { atByte: Number(key.slice(-OFFSET_DIGITS)), sizeBytes };
}

function endOf(pieces: readonly Piece[]): number {
  const last = pieces.at(-1);
  return last ? last.atByte + last.sizeBytes : 0;
}

/**
 * Recordings in a bucket of an S3-compatible storage. S3 can't append: each append makes an object, a piece of the file,
 * whose key ends with the piece's offset. Pieces are written only where there is none, so that two writers can't mix.
 */
export class S3Storage implements RecordingStorage {
  private readonly client: S3Client;
  /** Pieces of growing files as they were listed last, by file. */
  private readonly known = new Map<string, Piece[]>();

  constructor(place: S3Place, limits?: S3Limits) {
    this.client = new S3Client(place, limits);
  }

  async open(recordingId: string, name: string): Promise<GrowingFile> {
    const file = fileOf(recordingId, name);
    return new GrowingS3File(this.client, file, endOf(await this.look(file)));
  }

  async sizeOf(recordingId: string, name: string): Promise<number> {
    return endOf(await this.lookFurther(fileOf(recordingId, name)));
  }

  async read(recordingId: string, name: string, atByte: number, sizeBytes: number): Promise<Uint8Array> {
    const file = fileOf(recordingId, name);
    const known = this.known.get(file) ?? [];
    const pieces = atByte + sizeBytes <= endOf(known) ? known : await this.lookFurther(file);
    const read = await this.readPieces(file, pieces, atByte, sizeBytes);
    // A writer that came back after a crash may have cut pieces off.
    return read ?? (await this.readPieces(file, await this.look(file), atByte, sizeBytes)) ?? new Uint8Array(0);
  }

  async write(recordingId: string, name: string, bytes: Uint8Array): Promise<void> {
    await this.client.put(fileOf(recordingId, name), bytes);
  }

  async readWhole(recordingId: string, name: string): Promise<Uint8Array | null> {
    return this.client.get(fileOf(recordingId, name));
  }

  async list(): Promise<readonly string[]> {
    return (await this.client.folders()).filter(isRecordingId);
  }

  async freeBytes(): Promise<null> {
    return null;
  }

  async remove(recordingId: string): Promise<void> {
    requireNames(recordingId);
    for (const file of this.known.keys()) if (file.startsWith(`${recordingId}/`)) this.known.delete(file);
    await this.client.delete((await this.client.list(`${recordingId}/`)).map(({ key }) => key));
  }

  /** Lists all pieces. */
  private async look(file: string): Promise<Piece[]> {
    return this.remember(file, (await this.client.list(`${file}/`)).map(toPiece));
  }

  /** Lists the pieces that are not known yet. */
  private async lookFurther(file: string): Promise<Piece[]> {
    const known = this.known.get(file);
    const last = known?.at(-1);
    if (!known || !last) return this.look(file);
    const more = await this.client.list(`${file}/`, pieceKey(file, last.atByte));
    return this.remember(file, [...known, ...more.map(toPiece)]);
  }

  private remember(file: string, pieces: Piece[]): Piece[] {
    this.known.delete(file);
    this.known.set(file, pieces);
    const [oldest] = this.known.keys();
    if (this.known.size > REMEMBERED_MAX && oldest !== undefined) this.known.delete(oldest);
    return pieces;
  }

  /** Null if a piece is not there, or not as it was listed. */
  private async readPieces(
    file: string,
    pieces: readonly Piece[],
    atByte: number,
    sizeBytes: number,
  ): Promise<Uint8Array | null> {
    const toByte = Math.min(atByte + sizeBytes, endOf(pieces));
    const bytes = new Uint8Array(Math.max(0, toByte - atByte));
    const wanted = pieces.filter((piece) => piece.atByte < toByte && piece.atByte + piece.sizeBytes > atByte);
    const readOne = async (piece: Piece): Promise<boolean> => {
      const from = Math.max(0, atByte - piece.atByte);
      const wantedBytes = Math.min(piece.sizeBytes, toByte - piece.atByte) - from;
      const isWhole = wantedBytes === piece.sizeBytes;
      const part = await this.client.get(
        pieceKey(file, piece.atByte),
        isWhole ? undefined : { atByte: from, sizeBytes: wantedBytes },
      );
      if (part?.length !== wantedBytes) return false;
      bytes.set(part, piece.atByte + from - atByte);
      return true;
    };
    for (let from = 0; from < wanted.length; from += READ_AT_ONCE) {
      const read = await Promise.all(wanted.slice(from, from + READ_AT_ONCE).map(readOne));
      if (read.includes(false)) return null;
    }
    return bytes;
  }
}

function fileOf(recordingId: string, name: string): string {
  requireNames(recordingId, name);
  return `${recordingId}/${name}`;
}

class GrowingS3File implements GrowingFile {
  /** Tells this writer's pieces from those of others. */
  private readonly writer = randomBytes(8).toString('hex');
  private appends = 0;

  constructor(
    private readonly client: S3Client,
    private readonly file: string,
    public sizeBytes: number,
  ) {}

  async append(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    this.appends += 1;
    const note = `${this.writer} ${this.appends}`;
    const key = pieceKey(this.file, this.sizeBytes);
    for (let tries = 0; !(await this.putOnce(key, bytes, note)); tries += 1) {
      if (tries === APPEND_TRIES) throw grownElsewhere();
    }
    this.sizeBytes += bytes.length;
  }

  async truncate(sizeBytes: number): Promise<void> {
    const pieces = (await this.client.list(`${this.file}/`)).map(toPiece);
    const cut = pieces.find((piece) => piece.atByte < sizeBytes && piece.atByte + piece.sizeBytes > sizeBytes);
    const gone = pieces.filter((piece) => piece.atByte >= sizeBytes);
    await this.client.delete(gone.map(({ atByte }) => pieceKey(this.file, atByte)));
    if (cut) {
      const key = pieceKey(this.file, cut.atByte);
      const kept = await this.client.get(key, { atByte: 0, sizeBytes: sizeBytes - cut.atByte });
      if (kept) await this.client.put(key, kept);
    }
    this.sizeBytes = sizeBytes;
  }

  async close(): Promise<void> {}

  /** Whether the piece is there. An attempt that seemed to fail may have come through, or come through later. */
  private async putOnce(key: string, bytes: Uint8Array, note: string): Promise<boolean> {
    if (await this.client.putNew(key, bytes, note)) return true;
    const found = await this.client.noteOf(key);
    if (found === note) return true;
    if (found !== null && !found.startsWith(`${this.writer} `)) throw grownElsewhere();
    if (found !== null) await this.client.delete([key]);
    return false;
  }
}
