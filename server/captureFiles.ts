import { readdirSync, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Log } from '@/lib/core/log';
import { MODEL_FILES, type ModelName } from '@/lib/core/modelFiles';
import { readCompressed, readPlain, type ServedFile, sendFile } from './servedFile';

const PACKAGE = '@mediapipe/tasks-vision';
const PATH = /^\/capture\/(files\.json|models\/[a-z_]+\.task|wasm\/[0-9.]+\/[a-z_]+\.(?:js|wasm))(?:\?.*)?$/;

/** Addresses carry what is behind them: a version of the package, or a model's own tag. */
const FOR_GOOD = 'public, max-age=31536000, immutable';

/** 11 MB of wasm: 5 takes a second and is within a tenth of the best. */
const BROTLI_QUALITY = 5;

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  wasm: 'application/wasm',
  task: 'application/octet-stream',
};

/** Where MediaPipe's wasm lies, and of which version it is. */
interface WasmPlace {
  readonly folder: string;
  readonly version: string;
}

function installedWasm(): WasmPlace {
  const folder = dirname(createRequire(import.meta.url).resolve(PACKAGE));
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return { folder: join(folder, 'wasm'), version };
}

/** What reads pictures in the page: MediaPipe's wasm, the models of the site's folder, and which of them there are. */
export class CaptureFiles {
  private readonly files = new Map<string, Promise<ServedFile>>();
  private readonly wasm = installedWasm();

  /** `folder` holds the models by the names of `MODEL_FILES`; it need not exist. */
  constructor(
    private readonly folder: string,
    private readonly log: Log,
  ) {}

  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    const path = PATH.exec(request.url ?? '')?.[1];
    if (!path || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
    this.answer(path, request, response).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT')
        this.log.error('a file of the camera could not be read', { path, error: String(error) });
      response.writeHead(error.code === 'ENOENT' ? 404 : 500).end();
    });
    return true;
  }

  private async answer(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (path === 'files.json') return this.tellFiles(request, response);
    const contentType = TYPES[path.slice(path.lastIndexOf('.') + 1)]!;
    sendFile(await this.fresh(this.placeOf(path)), { contentType, cacheControl: FOR_GOOD }, request, response);
  }

  private async tellFiles(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const models = await Promise.all(
      (Object.keys(MODEL_FILES) as ModelName[]).map(async (name) => [name, await this.modelUrl(name)] as const),
    );
    const body = JSON.stringify({
      wasmUrl: `/capture/wasm/${this.wasm.version}`,
      models: Object.fromEntries(models),
    });
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache' });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  /** Null where there is no such model. */
  private async modelUrl(name: ModelName): Promise<string | null> {
    const file = MODEL_FILES[name].name;
    try {
      const { etag } = await this.fresh(join(this.folder, file));
      return `/capture/models/${file}?v=${etag.slice(1, -1)}`;
    } catch {
      return null;
    }
  }

  /** Only names that are on a list reach the file system. */
  private placeOf(path: string): string {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const isModel = path.startsWith('models/');
    const names = isModel ? Object.values(MODEL_FILES).map((file) => file.name) : readdirSync(this.wasm.folder);
    if (!names.includes(name) || (!isModel && path !== `wasm/${this.wasm.version}/${name}`)) throw notFound(path);
    return join(isModel ? this.folder : this.wasm.folder, name);
  }

  private async fresh(place: string): Promise<ServedFile> {
    const { mtimeMs } = await stat(place);
    const known = await this.files.get(place);
    return known?.modifiedMs === mtimeMs ? known : this.read(place);
  }

  private read(place: string): Promise<ServedFile> {
    // A model is numbers without order: compressing it gains a tenth.
    const reading = place.endsWith('.task') ? readPlain(place) : readCompressed(place, BROTLI_QUALITY);
    this.files.set(place, reading);
    reading.catch(() => this.files.delete(place));
    return reading;
  }
}

function notFound(path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`There is no ${path}.`), { code: 'ENOENT' });
}
