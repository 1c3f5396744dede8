import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ParleyServer, startParley } from '@/tests/e2e/support/parleyServer';
import { residentBytes } from './processMemory';

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

/** The real server, started as `npm start` does; it keeps its port and database however often it is killed. */
export class DrillServer {
  private constructor(
    private running: ParleyServer,
    private readonly env: Record<string, string>,
    private readonly descriptorsMax: number | null,
  ) {}

  /** `descriptorsMax` limits the files and sockets that it may have open. */
  static async start(
    settings: Record<string, string> = {},
    descriptorsMax: number | null = null,
  ): Promise<DrillServer> {
    const dataDir = mkdtempSync(join(tmpdir(), 'parley-drills-'));
    const env = { ...settings, PORT: String(await freePort()), DATA_DIR: dataDir };
    return new DrillServer(await startParley(env, { descriptorsMax }), env, descriptorsMax);
  }

  get url(): string {
    return this.running.url;
  }

  /** Sends its process a signal. */
  signal(name: NodeJS.Signals): void {
    this.running.process.kill(name);
  }

  /** Resident memory of the server and all its processes, bytes. */
  residentBytes(): number {
    return residentBytes(this.running.process.pid ?? 0);
  }

  /** Kills it as `kill -9` does; resolves when it is gone. */
  async kill(): Promise<void> {
    const { process: child } = this.running;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    await this.running.stop();
  }

  /** Starts it again after a kill; resolves when it listens. */
  async startAgain(): Promise<void> {
    this.running = await startParley(this.env, { descriptorsMax: this.descriptorsMax });
  }

  async stop(): Promise<void> {
    await this.running.stop();
    rmSync(this.env['DATA_DIR']!, { recursive: true, force: true });
  }
}
