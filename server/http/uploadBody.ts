import type { IncomingMessage } from 'node:http';
import { HttpRefusal } from './refusals';

/** What an upload may take. */
export interface UploadLimits {
  readonly maxBytes: number;
  /** The whole body must be there after this long. */
  readonly deadlineMs: number;
  /** Bytes a second, on average, that must come from `graceMs` on. */
  readonly minBytesPerS: number;
  readonly graceMs: number;
  /** How often the rate is looked at. */
  readonly lookMs: number;
}

/** Without a content length, the body begins with this much room. */
const FIRST_BYTES = 65_536;

function tooLarge(maxBytes: number): HttpRefusal {
  return new HttpRefusal('PAYLOAD_TOO_LARGE', `The file is larger than ${maxBytes / 1_000_000} MB.`);
}

function tooSlow(): HttpRefusal {
  const message = 'The file came too slowly. Try again on a faster network, or choose a smaller file.';
  return new HttpRefusal('TIMEOUT', message, { reason: 'badInput', avatarReason: 'slow' });
}

function cutOff(): HttpRefusal {
  return new HttpRefusal('BAD_REQUEST', 'The file was cut off on its way. Send it again.');
}

/** Bytes that come in pieces. */
class GrowingBody {
  sizeBytes = 0;
  private bytes: Uint8Array<ArrayBuffer>;

  constructor(declaredBytes: number) {
    this.bytes = new Uint8Array(declaredBytes || FIRST_BYTES);
  }

  add(chunk: Uint8Array): void {
    const sizeBytes = this.sizeBytes + chunk.length;
    if (sizeBytes > this.bytes.length) {
      const larger = new Uint8Array(Math.max(sizeBytes, this.bytes.length * 2));
      larger.set(this.bytes.subarray(0, this.sizeBytes));
      this.bytes = larger;
    }
    this.bytes.set(chunk, this.sizeBytes);
    this.sizeBytes = sizeBytes;
  }

  get whole(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.sizeBytes);
  }
}

/**
 * The whole body of a request, in memory of its own. The connection stays open for an answer.
 * @throws HttpRefusal for a body that is too large, comes too slowly, or ends early
 */
export function readUpload(request: IncomingMessage, limits: UploadLimits): Promise<Uint8Array<ArrayBuffer>> {
  const { maxBytes, deadlineMs, minBytesPerS, graceMs, lookMs } = limits;
  const declaredBytes = Number(request.headers['content-length'] ?? 0);
  if (declaredBytes > maxBytes) return Promise.reject(tooLarge(maxBytes));
  const body = new GrowingBody(declaredBytes);
  const beganMs = performance.now();
  return new Promise((resolve, reject) => {
    const end = (refusal: HttpRefusal | null) => {
      clearInterval(looking);
      request.off('data', onData).off('end', onEnd).off('close', onCut).off('error', onCut);
      // What comes after a refusal is not read, and its errors are handled.
      request.on('error', () => {});
      if (refusal === null) return resolve(body.whole);
      request.pause();
      reject(refusal);
    };
    const onData = (chunk: Buffer) => {
      if (body.sizeBytes + chunk.length > maxBytes) end(tooLarge(maxBytes));
      else body.add(chunk);
    };
    const onEnd = () => end(request.complete ? null : cutOff());
    const onCut = () => end(cutOff());
    const looking = setInterval(() => {
      const passedMs = performance.now() - beganMs;
      const isSlow = passedMs > graceMs && body.sizeBytes < (passedMs / 1000) * minBytesPerS;
      if (passedMs > deadlineMs || isSlow) end(tooSlow());
    }, lookMs);
    request.on('data', onData).once('end', onEnd).once('close', onCut).once('error', onCut);
    if (request.destroyed) onCut();
  });
}

/** How much of a body is discarded. */
interface DiscardLimits {
  readonly maxBytes: number;
  readonly deadlineMs: number;
  /** A client that sends nothing for so long waits for its answer. */
  readonly quietMs: number;
}

/**
 * Reads what is left of a body and forgets it, within limits. A client that is still sending when the connection closes
 * gets no answer, and can't tell people why.
 */
export function discardRest(request: IncomingMessage, { maxBytes, deadlineMs, quietMs }: DiscardLimits): Promise<void> {
  if (request.complete || request.destroyed) return Promise.resolve();
  let sizeBytes = 0;
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(deadline);
      clearTimeout(quiet);
      request.off('data', onData).off('end', end).off('close', end);
      request.pause();
      resolve();
    };
    const onData = (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) end();
      else quiet.refresh();
    };
    const deadline = setTimeout(end, deadlineMs);
    const quiet = setTimeout(end, quietMs);
    request.on('error', () => {});
    request.on('data', onData).once('end', end).once('close', end);
  });
}
