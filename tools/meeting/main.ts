import { runMeetingCommand } from '@/tools/meeting/meetingCommand';

process.exitCode = await runMeetingCommand(process.argv.slice(2), process.env, {
  print: (text) => console.log(text),
  complain: (sentence) => console.error(sentence),
});
