import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { BotReport } from '@/tools/bot/botReport';

const ROOT = new URL('../../..', import.meta.url).pathname;

/** Headless participants in a process of their own, so that what is measured elsewhere does not wait for them. */
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

  /** Lets `count` participants idle in a meeting of the site at `url`. */
  static start(url: string, meetingId: string, count: number): BotProcess {
    const args = ['--url', url, '--meeting', meetingId, '--count', String(count), '--json'];
    // Not by tsx's own command: that kills a busy process which takes a while to hear the signal.
    const command = ['--import', 'tsx', join(ROOT, 'tools/bot/main.ts'), ...args];
    return new BotProcess(spawn(process.execPath, command, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** Lets them leave and resolves with what they tell. Rejects with what they complained of instead. */
  async end(): Promise<BotReport[]> {
    this.child.kill('SIGINT');
    const code = await this.ended;
    if (code !== 0) throw new Error(`The participants ended with ${code}: ${this.complaints}`);
    return JSON.parse(this.printed) as BotReport[];
  }
}
