import { CONSOLE, runMain } from '@/tools/command/command';
import { runCheckCommand } from './checkCommand';

await runMain(async () => {
  process.exit(await runCheckCommand(process.argv.slice(2), process.env, CONSOLE));
});
