import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { thirdPartyNotices } from './notices';
import { readPackages } from './packages';
import { licenceProblems } from './policy';

// `check` fails on a licence that nobody has allowed; `write FILE` writes the notices of what is installed.
const [command, file] = process.argv.slice(2);
const packages = readPackages(process.cwd());
const problems = licenceProblems(packages);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
if (command === 'write' && file) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, thirdPartyNotices(packages));
} else if (command !== 'check') {
  console.error('Use: licences check, or licences write FILE');
  process.exitCode = 2;
}
