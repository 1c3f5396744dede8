import { CLIENT_IP_HEADER, findRuntime } from '@/server/runtime';

export const dynamic = 'force-dynamic';

function answer(request: Request): Promise<Response> | Response {
  const runtime = findRuntime();
  if (!runtime)
    return new Response('Start Parley with `npm start`: the API is not served by Next alone.', { status: 503 });
  return runtime.handleApi(request, { ip: request.headers.get(CLIENT_IP_HEADER) ?? '' });
}

export { answer as GET, answer as POST };
