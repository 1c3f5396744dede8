import type { DtlsClient } from 'werift';

/** The server's wish that the client say hello again, with a cookie (RFC 6347, 4.2.1). */
const HELLO_VERIFY_REQUEST = 3;
/** The flight in which the client says hello with the cookie (RFC 6347, 4.2.4). */
const HELLO_WITH_COOKIE = 3;

/**
 * Makes `client` ignore requests to verify after the first, as browsers do. Without an answer for half a second it says hello
 * again, so on a slow path it is asked twice; by itself werift fails on the second request. Call before the first answer.
 */
export function ignoreRepeatedRequests(client: DtlsClient): void {
  const handle = client.onHandleHandshakes;
  client.onHandleHandshakes = (handshakes) => {
    const isRepeated = (type: number) => type === HELLO_VERIFY_REQUEST && client.dtls.flight >= HELLO_WITH_COOKIE;
    return handle(handshakes.filter(({ msg_type: type }) => !isRepeated(type)));
  };
}
