import { createParleyClient, type ParleyClient } from '@/lib/api';

let client: ParleyClient | null = null;

/** The page's API client, made once. In the browser only. */
export function parleyClient(): ParleyClient {
  client ??= createParleyClient({ url: window.location.origin });
  return client;
}
