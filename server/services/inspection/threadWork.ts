import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/** What the kernel counts processor time in, for every Linux there is (`USER_HZ`). */
const TICK_MS = 10;

/** The calling thread's id in the system; null where it can't be told, as elsewhere than on Linux. */
export function ownTaskId(): number | null {
  try {
    // PID/task/TID
    return Number(basename(readlinkSync('/proc/thread-self')));
  } catch {
    return null;
  }
}

/** Processor time that a thread of this process has used, milliseconds; null where it can't be told (proc(5), `stat`). */
export function taskWorkMs(taskId: number | null): number | null {
  if (taskId === null) return null;
  try {
    const stat = readFileSync(`/proc/self/task/${taskId}/stat`, 'latin1');
    // The name before may hold anything; then come the state and ten figures more.
    const [userTicks, systemTicks] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number);
    return (userTicks! + systemTicks!) * TICK_MS;
  } catch {
    return null;
  }
}
