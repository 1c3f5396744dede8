import { CONSOLE } from '@/tools/command/command';
import { runAvatarCommand } from './avatarCommand';

process.exitCode = await runAvatarCommand(process.argv.slice(2), CONSOLE);
