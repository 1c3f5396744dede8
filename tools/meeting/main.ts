import { CONSOLE } from '@/tools/command/command';
import { runMeetingCommand } from './meetingCommand';

process.exitCode = await runMeetingCommand(process.argv.slice(2), process.env, CONSOLE);
