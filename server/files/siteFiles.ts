import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Log } from '@/lib/core/log';
import { MODEL_FILES, type ModelName } from '@/lib/core/modelFiles';
import type { RequestHandler } from '@/server/http/httpServer';
import { answerFile, CachedFile, FOREVER, isRead } from './cachedFile';

const AVATAR_PATH = /^\/models\/([a-z0-9-]+\.vrm)(?:\?.*)?$/;

/** Half of a generated avatar is numbers that compress; 9 is within 3 % of 11 at a tenth of its time. */
const AVATAR = { contentType: 'model/gltf-binary', cacheControl: 'public, max-age=3600', brotliQuality: 9 };

/** The default avatars, which Next would send uncompressed. */
export class DefaultAvatarFiles implements RequestHandler {
  private readonly files = new Map<string, CachedFile>();

  /** `keptIn` is the folder of what the build has compressed. */
  constructor(
    private readonly folder: string,
    private readonly keptIn: string,
    private readonly log: Log,
  ) {}

  /** Compresses every avatar, so that no start or request does. Rejects if one can't be read, or nothing can be written. */
  async keep(): Promise<void> {
    const names = readdirSync(this.folder).filter((name) => AVATAR_PATH.test(`/models/${name}`));
    await Promise.all(names.map((name) => this.file(name).keep()));
  }

  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    const name = AVATAR_PATH.exec(request.url ?? '')?.[1];
    if (!name || !isRead(request)) return false;
    answerFile(response, this.log, () => this.file(name).send(request, response));
    return true;
  }

  private file(name: string): CachedFile {
    const file = this.files.get(name) ?? new CachedFile(join(this.folder, name), { ...AVATAR, keptIn: this.keptIn });
    this.files.set(name, file);
    return file;
  }
}

/** The avatars of the project in `root`, compressed by its build. */
export function siteAvatars(root: string, log: Log): DefaultAvatarFiles {
  return new DefaultAvatarFiles(join(root, 'public', 'models'), join(root, '.build', 'compressed'), log);
}

const NOTICES_PATH = '/third-party-notices.txt';

const NOTICES = { contentType: 'text/plain; charset=utf-8', cacheControl: 'public, max-age=3600', brotliQuality: 9 };

/** The licences of what Parley is made of, as `npm start` wrote them to a file. */
export class NoticesFile implements RequestHandler {
  private readonly file: CachedFile;

  constructor(
    path: string,
    private readonly log: Log,
  ) {
    this.file = new CachedFile(path, NOTICES);
  }

  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.url?.split('?')[0] !== NOTICES_PATH || !isRead(request)) return false;
    answerFile(response, this.log, () => this.file.send(request, response));
    return true;
  }
}

const PACKAGE = '@mediapipe/tasks-vision';
const CAPTURE_PATH = /^\/capture\/(files\.json|models\/[a-z_]+\.task|wasm\/[0-9.]+\/[a-z_]+\.(?:js|wasm))(?:\?.*)?$/;

/** 11 MB of wasm: 5 takes a second and is within a tenth of the best. */
const WASM_BROTLI_QUALITY = 5;

/** Addresses contain a version of the package, or a model's own hash. A model's numbers have no order: compressing gains a tenth. */
const MODEL = { contentType: 'application/octet-stream', cacheControl: FOREVER, brotliQuality: null };
const WASM = { contentType: 'application/wasm', cacheControl: FOREVER, brotliQuality: WASM_BROTLI_QUALITY };
const SCRIPT = { ...WASM, contentType: 'text/javascript; charset=utf-8' };

/** The files that capture reads in the page: MediaPipe's wasm, the models in the site's folder, and a list of them. */
export class CaptureFiles implements RequestHandler {
  /** By path below `/capture/`. Only these names reach the file system. */
  private readonly files: ReadonlyMap<string, CachedFile>;
  private readonly wasmVersion: string;

  /** `folder` holds the models under the names of `MODEL_FILES`; it need not exist. */
  constructor(
    folder: string,
    private readonly log: Log,
  ) {
    const wasm = installedWasm();
    this.wasmVersion = wasm.version;
    const models = Object.values(MODEL_FILES).map(
      ({ name }) => [`models/${name}`, new CachedFile(join(folder, name), MODEL)] as const,
    );
    const program = readdirSync(wasm.folder).map((name) => {
      const options = name.endsWith('.js') ? SCRIPT : WASM;
      return [`wasm/${wasm.version}/${name}`, new CachedFile(join(wasm.folder, name), options)] as const;
    });
    this.files = new Map([...models, ...program]);
  }

  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    const path = CAPTURE_PATH.exec(request.url ?? '')?.[1];
    if (!path || !isRead(request)) return false;
    answerFile(response, this.log, () => this.send(path, request, response));
    return true;
  }

  private async send(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (path === 'files.json') return this.sendList(request, response);
    const file = this.files.get(path);
    if (file) await file.send(request, response);
    else response.writeHead(404, { 'cache-control': 'no-store' }).end();
  }

  private async sendList(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const names = Object.keys(MODEL_FILES) as ModelName[];
    const models = await Promise.all(names.map(async (name) => [name, await this.modelUrl(name)] as const));
    const body = JSON.stringify({
      wasmUrl: `/capture/wasm/${this.wasmVersion}`,
      models: Object.fromEntries(models),
    });
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache' });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  /** Null if there is no such model. */
  private async modelUrl(name: ModelName): Promise<string | null> {
    const path = `models/${MODEL_FILES[name].name}`;
    const content = await this.files
      .get(path)
      ?.read()
      .catch(() => null);
    return content ? `/capture/${path}?v=${content.hash}` : null;
  }
}

/** The folder of MediaPipe's wasm, and its version. */
function installedWasm(): { readonly folder: string; readonly version: string } {
  const folder = dirname(createRequire(import.meta.url).resolve(PACKAGE));
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return { folder: join(folder, 'wasm'), version };
}
