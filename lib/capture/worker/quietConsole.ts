/** Lines of the log that MediaPipe's program prints: `I1128 08:17:04.459 ...`, and TensorFlow's `INFO: ...`. */
const LOG_LINE = /^(?:INFO: |[IWEF]\d{4} )/;

/**
 * Hands those lines to `console.debug`. The program prints them as errors, among which nobody would find one of the page's
 * own; what really fails it throws.
 */
export function quietConsole(target: Pick<Console, 'error' | 'warn' | 'log' | 'debug'> = console): void {
  for (const name of ['error', 'warn', 'log'] as const) {
    const print = target[name].bind(target);
    target[name] = (...words: unknown[]) => {
      if (LOG_LINE.test(String(words[0]))) target.debug(...words);
      else print(...words);
    };
  }
}
