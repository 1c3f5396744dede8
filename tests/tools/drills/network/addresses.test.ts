import { expect, it } from 'vitest';
import { type Aliases, replaceInAnswer, replaceInOffer, withoutOwnCandidates } from '@/tools/drills/network/addresses';

/** Aliases that can be told apart, and the ports that were asked for. */
function aliases() {
  const asked: string[] = [];
  const known: Aliases = {
    urlFor: (url) => `ws://localhost:1/${encodeURIComponent(url)}`,
    portFor: async ({ ip, port }, carriesChannel) => {
      asked.push(`${ip} ${port} ${carriesChannel ? 'channel' : 'media'}`);
      return 5000 + asked.length;
    },
  };
  return { asked, known };
}

const candidate = (ip: string, port: number, protocol = 'udp') =>
  `<candidate component='1' ip='${ip}' port='${port}' protocol='${protocol}' type='host'/>`;

const offer = (...inTransport: string[]) =>
  `<iq type='set'><jingle action='session-initiate'><content name='audio'><transport>${inTransport.join('')}</transport></content></jingle></iq>`;

const SOCKET =
  "<web-socket xmlns='http://jitsi.org/protocol/colibri' url='wss://jvb.example/colibri-ws/a?pwd=b&amp;c'/>";

it('the addresses of Jitsi in an answer of the API are replaced, wherever they are, and nothing else', () => {
  const jitsi = {
    libUrl: 'https://j.example/libs/x.js',
    xmppWebSocketUrl: 'wss://j.example/xmpp-websocket',
    room: 'a',
  };
  const answer = JSON.stringify([{ result: { data: { jitsi, joinToken: 'wss://j.example' } } }]);
  const urlFor = (url: string) => url.replace('j.example', 'here');
  expect(JSON.parse(replaceInAnswer(answer, { urlFor }))).toEqual([
    {
      result: {
        data: {
          jitsi: { libUrl: 'https://here/libs/x.js', xmppWebSocketUrl: 'wss://here/xmpp-websocket', room: 'a' },
          joinToken: 'wss://j.example',
        },
      },
    },
  ]);
});

it('an offer leads to the network: its WebSocket, and its candidates over UDP, each address once', async () => {
  const { asked, known } = aliases();
  const channel = { isWebSocket: false };
  const text = offer(
    SOCKET,
    candidate('192.0.2.1', 10_000),
    candidate('192.0.2.1', 10_000),
    candidate('2001:db8::1', 1),
  );
  const replaced = await replaceInOffer(text, known, channel);
  expect(replaced).toContain(encodeURIComponent('wss://jvb.example/colibri-ws/a?pwd=b&c'));
  expect(replaced).not.toMatch(/192\.0\.2\.1|2001:db8|jvb\.example\//);
  expect(replaced.match(/port="500\d"/g)).toEqual(['port="5001"', 'port="5001"', 'port="5002"']);
  expect(asked).toEqual(['192.0.2.1 10000 media', '2001:db8::1 1 media']);
  expect(channel.isWebSocket).toBe(true);
});

it('in an offer without a WebSocket the candidates carry the channel, also those that come later', async () => {
  const { asked, known } = aliases();
  const channel = { isWebSocket: true };
  await replaceInOffer(offer(candidate('192.0.2.1', 10_000)), known, channel);
  const later = `<iq><jingle action='transport-info'>${candidate('192.0.2.2', 10_000)}</jingle></iq>`;
  expect(await replaceInOffer(later, known, channel)).toContain('ip="127.0.0.1"');
  expect(asked).toEqual(['192.0.2.1 10000 channel', '192.0.2.2 10000 channel']);
});

it('candidates over TCP are left out, since the network has no path for them', async () => {
  const { known } = aliases();
  const text = offer(candidate('192.0.2.1', 9, 'tcp'), candidate('192.0.2.1', 10_000));
  expect((await replaceInOffer(text, known, { isWebSocket: false })).match(/<candidate/g)).toHaveLength(1);
});

it('a client’s own candidates are taken out of what it answers', () => {
  const text = offer(candidate('192.0.2.9', 40_000), "<fingerprint hash='sha-256'>AB</fingerprint>");
  expect(withoutOwnCandidates(text)).not.toContain('candidate');
  expect(withoutOwnCandidates(text)).toContain('fingerprint');
});

it('other stanzas pass byte for byte', async () => {
  const message = "<message  to='a'><body>caf\u00e9 &amp; 192.0.2.1</body></message>";
  expect(await replaceInOffer(message, aliases().known, { isWebSocket: false })).toBe(message);
  expect(withoutOwnCandidates(message)).toBe(message);
});
