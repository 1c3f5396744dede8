import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';

const PLACES = ['/usr/bin/firefox-esr', '/usr/bin/firefox'];

/** Path of the Firefox for these tests, or null if none is installed. */
export const firefoxPath = process.env.FIREFOX_PATH ?? PLACES.find((path) => existsSync(path)) ?? null;

const START_MAX_MS = 60_000;
const CLOSE_MAX_MS = 5_000;

/** Fake devices, granted without a prompt: a microphone that hums. ICE and all else are as Firefox comes. */
const PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'app.update.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
};

/** What WebDriver BiDi says, as far as it is used here. */
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: LogEntry;
  readonly result?: Answer;
  readonly error?: string;
  readonly message?: string;
}

interface LogEntry {
  readonly level: string;
  readonly text: string;
  readonly source: { readonly context?: string };
}

interface Answer {
  readonly context?: string;
  readonly userContext?: string;
  readonly result?: { readonly value?: string };
  readonly exceptionDetails?: { readonly text: string };
}

/**
 * A Firefox without a window, driven by WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/): Playwright drives only a
 * Firefox of its own making.
 */
export class Firefox {
  private readonly waiting = new Map<number, (message: Message) => void>();
  private readonly errors = new Map<string, string[]>();
  private calls = 0;

  private constructor(
    private readonly process: ChildProcess,
    private readonly socket: WebSocket,
    private readonly profile: string,
  ) {
    socket.on('message', (data) => this.receive(JSON.parse(String(data)) as Message));
  }

  static async launch(): Promise<Firefox> {
    if (!firefoxPath) throw new Error('No Firefox: set FIREFOX_PATH.');
    const profile = mkdtempSync(join(tmpdir(), 'parley-firefox-'));
    const lines = Object.entries(PREFERENCES).map((pair) => `user_pref(${pair.map((part) => JSON.stringify(part))});`);
    writeFileSync(join(profile, 'user.js'), lines.join('\n'));
    const args = ['--headless', '--no-remote', '--remote-debugging-port=0', '--profile', profile];
    const child = spawn(firefoxPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const socket = new WebSocket(`${await endpointOf(child)}/session`);
    await once(socket, 'open');
    const firefox = new Firefox(child, socket, profile);
    await firefox.send('session.new', { capabilities: {} });
    await firefox.send('session.subscribe', { events: ['log.entryAdded'] });
    return firefox;
  }

  /** Runs a function's source in every page before anything else. */
  async addInitScript(functionDeclaration: string): Promise<void> {
    await this.send('script.addPreloadScript', { functionDeclaration });
  }

  /** Opens a page with a storage of its own, in a window of its own: Firefox holds back what tabs behind another do. */
  async open(url: string): Promise<FirefoxPage> {
    const { userContext } = await this.send('browser.createUserContext');
    const { context = '' } = await this.send('browsingContext.create', { type: 'window', userContext });
    const problems: string[] = [];
    this.errors.set(context, problems);
    await this.send('browsingContext.navigate', { context, url, wait: 'complete' });
    return new FirefoxPage((script) => this.evaluate(context, script), problems);
  }

  async close(): Promise<void> {
    const ended = once(this.process, 'exit');
    this.socket.send(JSON.stringify({ id: 0, method: 'browser.close', params: {} }));
    const tooLate = setTimeout(() => this.process.kill('SIGKILL'), CLOSE_MAX_MS);
    await ended;
    clearTimeout(tooLate);
    this.socket.terminate();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }

  private async evaluate(context: string, script: string): Promise<unknown> {
    const expression = `(async () => JSON.stringify(await (${script})))()`;
    const { result, exceptionDetails } = await this.send('script.evaluate', {
      expression,
      target: { context },
      awaitPromise: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return result?.value === undefined ? undefined : JSON.parse(result.value);
  }

  private async send(method: string, params: object = {}): Promise<Answer> {
    this.calls += 1;
    const id = this.calls;
    const answer = new Promise<Message>((resolve) => this.waiting.set(id, resolve));
    this.socket.send(JSON.stringify({ id, method, params }));
    const { error, message, result = {} } = await answer;
    if (error) throw new Error(`${method}: ${error}: ${message}`);
    return result;
  }

  private receive(message: Message): void {
    const { id, method, params } = message;
    if (method === 'log.entryAdded' && params?.level === 'error') {
      this.errors.get(params.source.context ?? '')?.push(params.text);
    }
    if (id === undefined) return;
    this.waiting.get(id)?.(message);
    this.waiting.delete(id);
  }
}

/** A page of {@link Firefox}. */
export class FirefoxPage {
  constructor(
    private readonly run: (script: string) => Promise<unknown>,
    /** Uncaught errors and console errors, as text. */
    readonly problems: readonly string[],
  ) {}

  /** The value, as JSON carries it, of an expression in the page; of a promise, what it resolves to. */
  evaluate<Result>(script: string): Promise<Result> {
    return this.run(script) as Promise<Result>;
  }
}

/** The address that Firefox prints once it takes connections. Rejects with what it printed if it does not. */
function endpointOf(child: ChildProcess): Promise<string> {
  let printed = '';
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`Firefox did not start:\n${printed}`));
    const timer = setTimeout(() => child.kill('SIGKILL'), START_MAX_MS);
    child.once('error', reject);
    child.once('exit', fail);
    child.stderr!.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const url = /WebDriver BiDi listening on (ws:\S+)/.exec(printed)?.[1];
      if (!url) return;
      clearTimeout(timer);
      child.off('exit', fail);
      resolve(url);
    });
  });
}
