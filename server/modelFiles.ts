import { readdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Log } from '@/lib/core/log';
import { readCompressed, type ServedFile, sendFile } from './servedFile';

const PATH = /^\/models\/([a-z0-9-]+\.vrm)(?:\?.*)?$/;
/** Half of a generated avatar is numbers that compress; 9 is within 3 % of 11 at a tenth of its time. */
const BROTLI_QUALITY = 9;
const HEADERS = { contentType: 'model/gltf-binary', cacheControl: 'public, max-age=3600' };

/** Avatars, which Next would send uncompressed: each is compressed once and kept in memory. */
export class ModelFiles {
  private readonly files = new Map<string, Promise<ServedFile>>();

  constructor(
    private readonly folder: string,
    private readonly log: Log,
  ) {}

  /** Compresses every model there is, so that nobody waits for it. Never rejects. */
  async prepare(): Promise<void> {
    for (const name of readdirSync(this.folder)) {
      if (name.endsWith('.vrm')) await this.read(name).catch(() => {});
    }
  }

  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    const name = PATH.exec(request.url ?? '')?.[1];
    if (!name || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
    this.fresh(name).then(
      (file) => sendFile(file, HEADERS, request, response),
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') this.log.error('a model could not be read', { name, error: String(error) });
        response.writeHead(error.code === 'ENOENT' ? 404 : 500).end();
      },
    );
    return true;
  }

  private async fresh(name: string): Promise<ServedFile> {
    const { mtimeMs } = await stat(join(this.folder, name));
    const known = await this.files.get(name);
    return known?.modifiedMs === mtimeMs ? known : this.read(name);
  }

  private read(name: string): Promise<ServedFile> {
    const reading = readCompressed(join(this.folder, name), BROTLI_QUALITY);
    this.files.set(name, reading);
    reading.catch(() => this.files.delete(name));
    return reading;
  }
}
