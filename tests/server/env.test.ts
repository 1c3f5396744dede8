import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EnvError, mediaAddressesOf, readEnv } from '@/server/env';

describe('readEnv', () => {
  it('every setting has a default', () => {
    expect(readEnv({})).toEqual({
      port: 3000,
      host: '127.0.0.1',
      publicUrl: null,
      dataDir: resolve('data'),
      databaseUrl: null,
      proxyHops: 0,
      kiosk: false,
      log: { level: 'info', format: 'text' },
      maxParticipants: 16,
      watchMax: 200,
      maxBandwidthBps: 1_500_000,
      initialQuality: 'high',
      avatarsMaxBytes: 2_000_000_000,
      recordings: {
        mode: 'on',
        consent: 'tell',
        live: true,
        days: 30,
        quota: {
          maxMs: 43_200_000,
          maxBytes: 4e9,
          meetingMaxBytes: 2e10,
          siteMaxBytes: 1e11,
          freeMinBytes: 5e8,
          atOnce: 20,
        },
        place: { kind: 'folder', path: resolve('data/recordings') },
      },
      retentionDays: 30,
      metricsIntervalS: 5,
      metricsToken: null,
      metricsPort: null,
      opsToken: null,
      drainMs: 0,
      instance: hostname(),
      alertWebhookUrls: [],
      alertWebhookSecret: null,
      alertWebhookPrivate: false,
      modelsDir: resolve('data/models'),
      modelsUrl: 'https://storage.googleapis.com/mediapipe-models',
      motionOrigins: [],
      hub: {
        library: null,
        media: true,
        mediaAddresses: expect.arrayContaining(['127.0.0.1']),
        mediaOwnOnly: expect.any(Array),
        mediaPort: null,
        mediaAnnounced: null,
        channel: null,
        as: null,
        faults: { allocationMs: 0, noBridgeMs: 0, loseBridgeMs: null, loseXmppMs: null },
      },
      jitsi: null,
    });
  });

  it('a library that the operator provides is for the embedded hub only', () => {
    expect(readEnv({ JITSI_LIB: 'lib.js' }).hub.library).toBe(resolve('lib.js'));
    expect(() => readEnv({ JITSI_LIB: 'lib.js', JITSI_URL: 'https://jitsi.example.org' })).toThrow(
      'The setting JITSI_LIB goes without JITSI_URL: a deployment serves its own library. Leave one out.',
    );
  });

  it('the hub is Parley’s own, or a stock Jitsi set up as wished, with faults', () => {
    expect(readEnv({ HUB_AS: 'parley' }).hub.as).toBeNull();
    expect(readEnv({ HUB_AS: 'jicofo' }).hub.as).toEqual({});
    expect(readEnv({ HUB_AS: 'jicofo+identity+jwt+no-owner+no-jvb' }).hub.as).toEqual({
      identity: true,
      checksTokens: true,
      owners: 'none',
      bridgeSources: false,
    });
    const { faults } = readEnv({ HUB_FAULTS: 'slow-bridge=3,no-bridge=60' }).hub;
    expect(faults).toEqual({ allocationMs: 3_000, noBridgeMs: 60_000, loseBridgeMs: null, loseXmppMs: null });
    const strokes = readEnv({ HUB_FAULTS: 'lose-bridge=0,lose-xmpp=3' }).hub.faults;
    expect(strokes).toEqual({ allocationMs: 0, noBridgeMs: 0, loseBridgeMs: 0, loseXmppMs: 3_000 });
  });

  it('an empty variable counts as unset', () => {
    expect(readEnv({ PORT: '', DATABASE_URL: ' ', JITSI_URL: '' })).toEqual(readEnv({}));
  });

  it('set variables are read', () => {
    const env = readEnv({
      PORT: '8080',
      HOST: '0.0.0.0',
      PUBLIC_URL: 'https://meet.example.org/',
      DATA_DIR: '/var/lib/parley',
      DATABASE_URL: 'postgres://parley:pw@db:5432/parley',
      TRUST_PROXY: 'on',
      LOG_LEVEL: 'warn',
      MAX_PARTICIPANTS: '8',
      INITIAL_QUALITY: 'low',
      MOTION_ORIGINS: 'https://a.example.org, https://b.example.org',
    });
    expect(env).toMatchObject({
      port: 8080,
      host: '0.0.0.0',
      publicUrl: 'https://meet.example.org',
      dataDir: '/var/lib/parley',
      databaseUrl: 'postgres://parley:pw@db:5432/parley',
      proxyHops: 1,
      log: { level: 'warn', format: 'text' },
      maxParticipants: 8,
      initialQuality: 'low',
      motionOrigins: ['https://a.example.org', 'https://b.example.org'],
    });
  });

  it('meetings may go on for a while after SIGTERM', () => {
    expect(readEnv({ DRAIN_S: '600' }).drainMs).toBe(600_000);
    expect(() => readEnv({ DRAIN_S: '10m' })).toThrow('The setting DRAIN_S must be a whole number from 0 to 86400.');
  });

  it('links open microphones only where the operator says on', () => {
    expect(readEnv({ KIOSK: 'on' }).kiosk).toBe(true);
    expect(readEnv({ KIOSK: 'off' }).kiosk).toBe(false);
    expect(() => readEnv({ KIOSK: 'mic' })).toThrow('The setting KIOSK must be on or off.');
  });

  it('models are in the data folder by default and can come from a mirror', () => {
    expect(readEnv({ DATA_DIR: '/var/lib/parley' }).modelsDir).toBe('/var/lib/parley/models');
    expect(readEnv({ MODELS_DIR: '/srv/models' }).modelsDir).toBe('/srv/models');
    expect(readEnv({ MODELS_URL: 'https://mirror.example.org/mediapipe/' }).modelsUrl).toBe(
      'https://mirror.example.org/mediapipe',
    );
    for (const url of ['mirror', 'ftp://mirror.example.org', 'https://mirror.example.org/?key=1']) {
      expect(() => readEnv({ MODELS_URL: url })).toThrow(EnvError);
    }
  });

  it("the addresses and the port of the hub's media are read", () => {
    const { hub } = readEnv({
      HUB_MEDIA_ADDRESSES: '192.0.2.7, ::1',
      HUB_MEDIA_PORT: '10000',
      HUB_MEDIA_ANNOUNCED: '203.0.113.9',
      HUB_CHANNEL: 'datachannel',
    });
    expect(hub).toEqual({
      library: null,
      media: true,
      mediaAddresses: ['192.0.2.7', '::1'],
      mediaOwnOnly: [],
      mediaPort: 10_000,
      mediaAnnounced: ['203.0.113.9'],
      channel: 'datachannel',
      as: null,
      faults: { allocationMs: 0, noBridgeMs: 0, loseBridgeMs: null, loseXmppMs: null },
    });
    expect(readEnv({ HUB_MEDIA: 'off' }).hub.media).toBe(false);
  });

  it('media is bound where the pages are: to one address, or to all of the machine', () => {
    const addressesFor = (host: string) => readEnv({ HOST: host }).hub.mediaAddresses;
    expect(addressesFor('localhost')[0]).toBe('127.0.0.1');
    expect(addressesFor('192.0.2.7')).toEqual(['192.0.2.7']);
    const all = addressesFor('0.0.0.0');
    expect(all).toContain('127.0.0.1');
    expect(all).not.toContain('0.0.0.0');
    expect(all.every((address) => isIP(address) > 0)).toBe(true);
    expect(addressesFor('::')).toEqual(all);
  });

  it.each([
    ['a private address', ['203.0.113.5', '172.20.0.4', 'fd00::2'], '172.20.0.4', []],
    ['the private address of a home before that of containers', ['172.17.0.1', '192.168.1.7'], '192.168.1.7', []],
    ['one of a provider, for this machine only', ['100.70.1.2', 'fd00::2'], '100.70.1.2', ['100.70.1.2']],
    ['an IPv6 one, for this machine only', ['fd00::2'], 'fd00::2', ['fd00::2']],
  ])('media at loopback is bound for Firefox at %s too', (_, own, beyond, ownOnly) => {
    expect(mediaAddressesOf('127.0.0.1', ['127.0.0.1', '::1', ...own])).toEqual({
      mediaAddresses: ['127.0.0.1', beyond],
      mediaOwnOnly: ownOnly,
    });
  });

  it('media at loopback is bound there alone on a machine that has no other address', () => {
    const alone = { mediaAddresses: ['127.0.0.1'], mediaOwnOnly: [] };
    expect(mediaAddressesOf('localhost', ['127.0.0.1', '::1'])).toEqual(alone);
  });

  it('the domains of a deployment follow from its address', () => {
    expect(readEnv({ JITSI_URL: 'https://jitsi.example.org:8443/meet/' }).jitsi).toEqual({
      url: 'https://jitsi.example.org:8443/meet',
      xmppDomain: 'jitsi.example.org',
      mucDomain: 'conference.jitsi.example.org',
      focusDomain: 'focus.jitsi.example.org',
      bridgeOrigins: [],
      identity: 'claimed',
      app: null,
    });
  });

  it('the domains and the app of a deployment can be set', () => {
    const jitsi = readEnv({
      JITSI_URL: 'https://jitsi.example.org',
      JITSI_XMPP_DOMAIN: 'meet.jitsi',
      JITSI_MUC_DOMAIN: 'muc.meet.jitsi',
      JITSI_FOCUS_DOMAIN: 'focus.meet.jitsi',
      JITSI_APP_ID: 'parley-app',
      JITSI_APP_SECRET: 'long enough',
      JITSI_IDENTITY: 'enforced',
    }).jitsi;
    expect(jitsi).toMatchObject({
      identity: 'enforced',
      xmppDomain: 'meet.jitsi',
      mucDomain: 'muc.meet.jitsi',
      focusDomain: 'focus.meet.jitsi',
      app: { id: 'parley-app', secret: 'long enough', audience: 'parley-app' },
    });
  });

  it.each([
    [{ PORT: 'abc' }, 'PORT must be a whole number from 0 to 65535'],
    [{ PORT: '70000' }, 'PORT must be a whole number from 0 to 65535'],
    [{ PORT: '3000.5' }, 'PORT'],
    [{ HOST: 'a b' }, 'HOST'],
    [{ PUBLIC_URL: 'https://meet.example.org/path' }, 'PUBLIC_URL must be an address without a path'],
    [{ PUBLIC_URL: 'meet.example.org' }, 'PUBLIC_URL'],
    [{ DATABASE_URL: 'mysql://x/y' }, 'DATABASE_URL must be an address such as postgres://'],
    [{ TRUST_PROXY: 'maybe' }, 'TRUST_PROXY must be on, off or the number of proxies in front, at most 16'],
    [{ TRUST_PROXY: '17' }, 'TRUST_PROXY must be on, off or the number of proxies in front, at most 16'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be debug, info, warn or error'],
    [{ MAX_PARTICIPANTS: '17' }, 'MAX_PARTICIPANTS must be a whole number from 2 to 16'],
    [{ INITIAL_QUALITY: 'best' }, 'INITIAL_QUALITY must be high, medium or low'],
    [{ MOTION_ORIGINS: 'https://a.example.org,nonsense' }, 'MOTION_ORIGINS'],
    [{ HUB_MEDIA: 'maybe' }, 'HUB_MEDIA must be on or off'],
    [{ HUB_MEDIA_ADDRESSES: 'localhost' }, 'HUB_MEDIA_ADDRESSES must be IP addresses'],
    [{ HUB_MEDIA_ANNOUNCED: '1.2.3.4,' }, 'HUB_MEDIA_ANNOUNCED must be IP addresses'],
    [{ HUB_MEDIA_PORT: '0' }, 'HUB_MEDIA_PORT must be a port such as 10000'],
    [{ HUB_MEDIA_PORT: '70000' }, 'HUB_MEDIA_PORT must be a port such as 10000'],
    [{ HUB_MEDIA_PORTS: '10000-10200' }, 'HUB_MEDIA_PORTS is replaced by HUB_MEDIA_PORT'],
    [{ HUB_CHANNEL: 'sctp' }, 'HUB_CHANNEL must be websocket or datachannel'],
    [
      { HUB_AS: 'jibri' },
      'HUB_AS must be parley, or jicofo with any of +identity, +jwt, +no-owner, +all-owners, +no-jvb',
    ],
    [{ HUB_AS: 'jicofo+kind' }, 'HUB_AS must be parley, or jicofo with any of +identity'],
    [{ HUB_AS: 'parley+identity' }, 'HUB_AS must be parley, or jicofo'],
    [{ HUB_FAULTS: 'slow-bridge' }, 'HUB_FAULTS must be any of slow-bridge=SECONDS, no-bridge=SECONDS'],
    [{ RECORD: 'sometimes' }, 'RECORD must be off, on or always'],
    [{ RECORDING_CONSENT: 'no' }, 'RECORDING_CONSENT must be tell or ask'],
    [{ RECORDING_MAX_HOURS: '0' }, 'RECORDING_MAX_HOURS must be a whole number from 1'],
    [{ RECORDINGS_FREE_MB: '-1' }, 'RECORDINGS_FREE_MB must be a whole number from 0'],
    [{ RECORDINGS_DAYS: '0' }, 'RECORDINGS_DAYS must be a whole number from 1'],
    [{ RECORDINGS_URL: 'https://bucket' }, 'RECORDINGS_URL must be an address such as s3://bucket/folder'],
    [{ RECORDINGS_URL: 's3://Bucket' }, 'RECORDINGS_URL must be an address such as s3://bucket/folder'],
    [{ RECORDINGS_URL: 's3://bucket/a//b' }, 'RECORDINGS_URL must be an address such as s3://bucket/folder'],
    [{ RECORDINGS_URL: 'file:///srv/a?b' }, 'RECORDINGS_URL must be an address such as s3://bucket/folder'],
    [{ RECORDINGS_URL: 's3://bucket' }, 'RECORDINGS_URL needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'],
    [{ AWS_ENDPOINT_URL: 'storage' }, 'AWS_ENDPOINT_URL must be an address such as https://s3.example.org'],
    [{ AWS_REGION: 'eu west' }, 'AWS_REGION must be letters without spaces'],
    [{ JITSI_URL: 'jitsi' }, 'JITSI_URL must be an address'],
    [{ JITSI_APP_ID: 'x' }, 'JITSI_APP_ID needs JITSI_URL'],
    [{ JITSI_URL: 'https://j.example.org', JITSI_APP_ID: 'x' }, 'JITSI_APP_ID and JITSI_APP_SECRET go together'],
    [{ JITSI_URL: 'https://j.example.org', JITSI_APP_SECRET: 'secret-enough' }, 'go together'],
    [{ JITSI_BRIDGE_ORIGINS: 'https://jvb.example.org' }, 'JITSI_BRIDGE_ORIGINS needs JITSI_URL'],
    [
      { JITSI_URL: 'https://j.example.org', JITSI_BRIDGE_ORIGINS: 'https://jvb.example.org/colibri-ws' },
      'JITSI_BRIDGE_ORIGINS must be an address without a path',
    ],
    [{ JITSI_URL: 'https://j.example.org', JITSI_JWT_AUDIENCE: 'jitsi' }, 'JITSI_JWT_AUDIENCE needs JITSI_APP_ID'],
    [{ JITSI_IDENTITY: 'claimed' }, 'JITSI_IDENTITY needs JITSI_URL'],
    [{ JITSI_URL: 'https://j.example.org', JITSI_IDENTITY: 'on' }, 'JITSI_IDENTITY must be enforced or claimed'],
    [{ JITSI_URL: 'https://j.example.org', JITSI_IDENTITY: 'enforced' }, 'JITSI_IDENTITY=enforced needs JITSI_APP_ID'],
  ])('%o is refused in one sentence that names the setting', (source, words) => {
    expect(() => readEnv(source)).toThrow(EnvError);
    expect(() => readEnv(source)).toThrow(words);
  });

  it('recordings are kept in the data, in another folder, or in a bucket with the keys to it', () => {
    const placeFor = (source: Record<string, string>) =>
      readEnv({ DATA_DIR: '/srv/parley', ...source }).recordings.place;
    expect(placeFor({})).toEqual({ kind: 'folder', path: '/srv/parley/recordings' });
    expect(placeFor({ RECORDINGS_URL: 'file:///mnt/large disk/' })).toEqual({
      kind: 'folder',
      path: '/mnt/large disk',
    });
    const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
    expect(placeFor({ RECORDINGS_URL: 's3://bucket.name', ...keys })).toEqual({
      kind: 's3',
      bucket: 'bucket.name',
      prefix: '',
      endpoint: 'https://s3.us-east-1.amazonaws.com',
      region: 'us-east-1',
      accessKeyId: 'id',
      secretAccessKey: 'secret',
      sessionToken: null,
    });
    const elsewhere = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9000/', AWS_REGION: 'eu-west-1', AWS_SESSION_TOKEN: 'now' };
    expect(placeFor({ RECORDINGS_URL: 's3://bucket/of/parley/', ...keys, ...elsewhere })).toMatchObject({
      prefix: 'of/parley/',
      endpoint: 'http://127.0.0.1:9000',
      region: 'eu-west-1',
      sessionToken: 'now',
    });
  });

  it('meetings are recorded when their host says so, everybody is told, and recordings are kept for 30 days, unless set otherwise', () => {
    expect(readEnv({}).recordings).toMatchObject({ mode: 'on', consent: 'tell', live: true, days: 30 });
    const source = { RECORD: 'always', RECORDING_CONSENT: 'ask', RECORDING_LIVE: 'off', RECORDINGS_DAYS: '7' };
    expect(readEnv(source).recordings).toMatchObject({ mode: 'always', consent: 'ask', live: false, days: 7 });
  });

  it('the limits of recordings are set in hours and megabytes', () => {
    const source = {
      RECORDING_MAX_HOURS: '2',
      RECORDING_MAX_MB: '300',
      RECORDINGS_MEETING_MAX_MB: '1000',
      RECORDINGS_MAX_MB: '5000',
      RECORDINGS_FREE_MB: '0',
      RECORDINGS_AT_ONCE: '3',
    };
    const set = {
      maxMs: 7_200_000,
      maxBytes: 3e8,
      meetingMaxBytes: 1e9,
      siteMaxBytes: 5e9,
      freeMinBytes: 0,
      atOnce: 3,
    };
    expect(readEnv(source).recordings.quota).toEqual(set);
  });

  it('a refusal never contains a secret', () => {
    expect(() => readEnv({ JITSI_URL: 'https://j.example.org', JITSI_APP_ID: 'a', JITSI_APP_SECRET: 'hush' })).toThrow(
      /^(?!.*hush)/,
    );
  });

  it('any variables give settings or an EnvError', () => {
    const names = [
      'PORT',
      'HOST',
      'PUBLIC_URL',
      'DATABASE_URL',
      'TRUST_PROXY',
      'JITSI_URL',
      'JITSI_APP_ID',
      'MOTION_ORIGINS',
      'HUB_MEDIA_ADDRESSES',
      'HUB_MEDIA_PORT',
      'RECORDINGS_URL',
      'AWS_ENDPOINT_URL',
    ];
    const source = fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.string(), fc.webUrl()));
    fc.assert(
      fc.property(source, (values) => {
        try {
          expect(readEnv(values).port).toBeTypeOf('number');
        } catch (error) {
          expect(error).toBeInstanceOf(EnvError);
          expect((error as Error).message).toMatch(/^The setting.* [A-Z_]+ .*\.$/);
        }
      }),
    );
  });
});
