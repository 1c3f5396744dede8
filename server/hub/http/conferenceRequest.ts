import type { IncomingMessage, ServerResponse } from 'node:http';

const BODY_MAX_BYTES = 16_384;

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'authorization, content-type',
  'access-control-allow-methods': 'POST, OPTIONS',
} as const;

/** Reads a body up to the bound, or null where it is larger. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > BODY_MAX_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { ...CORS, 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/**
 * Jicofo's conference request over HTTP, which newer clients may use in place of the IQ. It reserves nothing: who may
 * enter is decided when they do.
 */
export async function answerConferenceRequest(
  request: IncomingMessage,
  response: ServerResponse,
  focusJid: string,
): Promise<void> {
  if (request.method === 'OPTIONS') return void response.writeHead(204, CORS).end();
  if (request.method !== 'POST') return answer(response, 405, { error: 'POST only' });
  const body = await readBody(request);
  if (body === null) return answer(response, 413, { error: 'body too large' });
  if (!isJsonObject(body)) return answer(response, 400, { error: 'JSON object expected' });
  answer(response, 200, { ready: true, focusJid, properties: { authentication: 'false' } });
}
