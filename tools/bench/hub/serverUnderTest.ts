import { fileURLToPath } from 'node:url';
import { ProcessLink } from './processLink';
import type { ServerAnswer, ServerOrder, ServerSettings, ServerUsage } from './servers';

const MODULE = fileURLToPath(new URL('serverProcess.ts', import.meta.url));

/** A server in a process of its own. */
export class ServerUnderTest {
  private constructor(
    private readonly link: ProcessLink<ServerOrder, ServerAnswer>,
    readonly port: number,
  ) {}

  /** Resolves once it listens. */
  static async start(settings: ServerSettings): Promise<ServerUnderTest> {
    const link = ProcessLink.start<ServerOrder, ServerAnswer>(MODULE, []);
    const answer = await link.ask({ do: 'listen', settings });
    if (!('port' in answer)) throw new Error('the server gave no port');
    return new ServerUnderTest(link, answer.port);
  }

  async usage(): Promise<ServerUsage> {
    const answer = await this.link.ask({ do: 'usage' });
    if (!('cpuMs' in answer)) throw new Error('the server gave no usage');
    return answer;
  }

  /** Ends it as `kill -9` does. */
  kill(): Promise<void> {
    return this.link.kill();
  }
}
