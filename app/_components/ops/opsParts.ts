/** What the operators' page shows, loaded while it appears. */
export type OpsParts = typeof import('./opsParts');

export { createOpsClient } from '@/lib/api/opsClient';
export { Dashboard } from './Dashboard';
