import { runAvatarCommand } from '@/tools/avatarFile/avatarCommand';

process.exitCode = runAvatarCommand(process.argv.slice(2), {
  print: (text) => console.log(text),
  complain: (sentence) => console.error(sentence),
});
