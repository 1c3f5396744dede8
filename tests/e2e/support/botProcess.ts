import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { BotReport } from '@/tools/bot/botStats';

const ROOT = new URL('../../..', import.meta.url).pathname;

/** Headless participants in a separate process, so that they do not hold up what is measured elsewhere. */
export class BotProcess {
  private printed = '';
  private complaints = '';
  private readonly ended: Promise<number | null>;

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk: Buffer) => {
      this.printed += chunk.toString();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      this.complaints += chunk.toString();
    });
    this.ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  }

  /** Starts `count` idle participants in a meeting of the site at `url`. */
  static start(url: string, meetingId: string, count: number): BotProcess {
    const args = ['--url', url, '--meeting', meetingId, '--count', String(count), '--json'];
    // Without tsx's own command, which kills a busy process that is slow to handle the signal.
    const command = ['--import', 'tsx', join(ROOT, 'tools/bot/main.ts'), ...args];
    return new BotProcess(spawn(process.execPath, command, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** Makes them leave and resolves with their reports; rejects with what they printed to stderr if they failed. */
  async end(): Promise<BotReport[]> {
    this.child.kill('SIGINT');
    const code = await this.ended;
    if (code !== 0) throw new Error(`The participants ended with ${code}: ${this.complaints}`);
    return JSON.parse(this.printed) as BotReport[];
  }
}
