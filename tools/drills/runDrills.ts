import type { Drill } from './drill';
import { type DrillReport, judged, unmeasured } from './report';
import { type DrillSetting, DrillWorld } from './support/drillWorld';

async function runDrill(drill: Drill, setting: DrillSetting): Promise<DrillReport> {
  if (drill.needsServer && !setting.server) return unmeasured(drill, 'SKIPPED', 'needs a server that it may kill');
  const world = new DrillWorld(setting);
  try {
    return judged(drill, await drill.run(world));
  } catch (error) {
    return unmeasured(drill, 'FAIL', error instanceof Error ? error.message : String(error));
  } finally {
    await world.close();
  }
}

/** Runs drills one after the other, each in surroundings of its own. */
export async function runDrills(drills: readonly Drill[], setting: DrillSetting): Promise<DrillReport[]> {
  const reports: DrillReport[] = [];
  for (const drill of drills) {
    setting.say(`${drill.name}: ${drill.passMark}`);
    const report = await runDrill(drill, setting);
    setting.say(`${drill.name}: ${report.verdict}${report.problem === null ? '' : ` (${report.problem})`}`);
    reports.push(report);
  }
  return reports;
}
