import { type ChildProcess, fork } from 'node:child_process';

/** A process's reply to an order: one order at a time, each with one answer. */
type Reply<Answer> = { readonly ok: true; readonly answer: Answer } | { readonly ok: false; readonly message: string };

/** A child process that obeys orders. */
export class ProcessLink<Order, Answer> {
  private constructor(readonly child: ChildProcess) {}

  /** Runs a TypeScript module as a process of its own. */
  static start<Order, Answer>(modulePath: string, args: readonly string[]): ProcessLink<Order, Answer> {
    const child = fork(modulePath, args, {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    return new ProcessLink(child);
  }

  /** Gives an order and waits for its answer. Rejects if the process reports a failure or ends. */
  async ask(order: Order): Promise<Answer> {
    const reply = await new Promise<Reply<Answer>>((resolve) => {
      const onExit = () => resolve({ ok: false, message: 'the process has ended' });
      this.child.once('exit', onExit);
      this.child.once('message', (message) => {
        this.child.off('exit', onExit);
        resolve(message as Reply<Answer>);
      });
      this.child.send(order as object);
    });
    if (!reply.ok) throw new Error(reply.message);
    return reply.answer;
  }

  /** Ends the process at once; resolves when it is gone. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await gone;
  }
}

/** Makes this process obey orders; it ends when its parent does. */
export function obey<Order, Answer>(carryOut: (order: Order) => Promise<Answer>): void {
  const reply = (message: Reply<Answer>) => process.send?.(message);
  process.on('message', (order) => {
    carryOut(order as Order).then(
      (answer) => reply({ ok: true, answer }),
      (error: unknown) =>
        reply({ ok: false, message: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  process.on('disconnect', () => process.exit(0));
}
