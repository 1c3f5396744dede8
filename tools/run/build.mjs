// `npm run build`: installs and builds what `npm run serve` serves.
import { build, install, requireNode } from './steps.mjs';

requireNode();
await install();
await build();
