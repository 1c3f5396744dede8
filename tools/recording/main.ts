import { CONSOLE } from '@/tools/command/command';
import { runRecordingCommand } from './recordingCommand';

process.exitCode = await runRecordingCommand(process.argv.slice(2), CONSOLE, process.env);
