import { main } from './main';

await main({ dev: true });
