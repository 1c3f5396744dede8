import { runBotCommand } from './botCommand';

const interruption = new AbortController();
process.on('SIGINT', () => {
  // A second Ctrl-C does not wait for goodbyes.
  if (interruption.signal.aborted) process.exit(130);
  interruption.abort();
});
process.on('SIGTERM', () => interruption.abort());

const isTerminal = process.stderr.isTTY;
process.exitCode = await runBotCommand(process.argv.slice(2), process.env, {
  print: (text) => console.log(text),
  complain: (sentence) => console.error(isTerminal ? `\r\x1b[K${sentence}` : sentence),
  status: (line) => process.stderr.write(isTerminal ? `\r\x1b[K${line}` : `${line}\n`),
  interrupted: interruption.signal,
});
if (isTerminal) process.stderr.write('\n');
