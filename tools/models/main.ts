import { runModelsCommand } from '@/tools/models/fetchModels';

const LINE_START = '\r\u001b[K';

process.exitCode = await runModelsCommand(process.env, {
  print: (line) => console.log(process.stdout.isTTY ? LINE_START + line : line),
  overprint: process.stdout.isTTY ? (line) => process.stdout.write(LINE_START + line) : null,
  complain: (sentence) => console.error(sentence),
});
