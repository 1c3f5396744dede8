// A Prosody for the tests alone, on loopback, set up as docker-jitsi-meet does it and removed when they end.
import { spawn } from 'node:child_process';
import { chownSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canInstallPackages, findAccount, freePort, SYSTEM_FOLDERS, tryToInstall } from './debian.mjs';

/** Prosody should not run as root; the second account is there where Prosody was built from source. */
const ACCOUNTS = ['prosody', 'nobody'];
const AUTH_MODULE = 'mod_auth_parley.lua';
const START_MAX_MS = 20_000;
const POLL_MS = 25;

const isRoot = process.getuid?.() === 0;

function findProgram() {
  return SYSTEM_FOLDERS.map((folder) => join(folder, 'prosody')).find((path) => existsSync(path)) ?? null;
}

/** The account to run as: none of its own unless this is root, who may choose. */
function accountFor() {
  return isRoot ? findAccount(...ACCOUNTS) : {};
}

/** As in docker-jitsi-meet's prosody.cfg.lua and jitsi-meet.cfg.lua, where that does not need modules of its own. */
function configure({ folder, domain, httpPort, componentPort, secret }) {
  return `
pidfile = "${folder}/prosody.pid"
data_path = "${folder}"
certificates = "${folder}"
plugin_paths = { "${folder}" }
log = { { levels = { min = "info" }, to = "file", filename = "${folder}/log", timestamps = "%H:%M:%S" } }

modules_enabled = {
  "roster", "saslauth", "disco", "private", "limits", "version", "ping", "websocket", "smacks", "time", "uptime"
}
modules_disabled = { "offline", "register", "s2s", "tls" }

interfaces = { "127.0.0.1" }
c2s_ports = {}
https_ports = {}
http_ports = { ${httpPort} }
http_interfaces = { "127.0.0.1" }
http_default_host = "${domain}"
component_ports = { ${componentPort} }
component_interfaces = { "127.0.0.1" }

limits = { c2s = { rate = "10kb/s" }, s2sin = { rate = "30kb/s" } }
smacks_max_unacked_stanzas = 5
smacks_hibernation_time = 60
smacks_max_hibernated_sessions = 1
smacks_max_old_sessions = 1
consider_websocket_secure = true
cross_domain_websocket = true
c2s_require_encryption = false

VirtualHost "${domain}"
  authentication = "parley"

Component "conference.${domain}" "muc"
  admins = { "focus@focus.${domain}" }
  restrict_room_creation = true
  storage = "memory"
  muc_room_locking = false
  muc_room_default_public_jids = true
  muc_room_allow_persistent = false
  muc_tombstones = false
  muc_room_cache_size = 10000

Component "focus.${domain}"
  component_secret = "${secret}"
`;
}

function answers(port) {
  return new Promise((resolve) => {
    const probe = connect({ port, host: '127.0.0.1' });
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}

/** Whether `startProsody` finds a Prosody, and an account for it. */
export function hasProsody() {
  return findProgram() !== null && accountFor() !== null;
}

/**
 * A server for the caller alone, or null where there is no Prosody. Rooms live at `conference.DOMAIN`, and `focus.DOMAIN` is a
 * component (XEP-0114) that may create them as `focus@focus.DOMAIN`.
 */
export async function startProsody(domain) {
  const program = findProgram();
  const account = accountFor();
  if (program === null || account === null) return null;
  const folder = mkdtempSync(join(tmpdir(), 'parley-prosody-'));
  if (isRoot) chownSync(folder, account.uid, account.gid);
  const secret = 'a secret of these tests';
  const [httpPort, componentPort] = [await freePort(), await freePort()];
  // Copied, since the account may not read the project.
  copyFileSync(new URL(`prosody/${AUTH_MODULE}`, import.meta.url), join(folder, AUTH_MODULE));
  const config = join(folder, 'prosody.cfg.lua');
  writeFileSync(config, configure({ folder, domain, httpPort, componentPort, secret }), { mode: 0o644 });
  let child = null;
  let ended = Promise.resolve();

  async function go() {
    child = spawn(program, ['--config', config, '-F'], {
      cwd: folder,
      env: { PATH: SYSTEM_FOLDERS.join(':'), HOME: folder, LC_ALL: 'C' },
      stdio: 'ignore',
      ...account,
    });
    const started = child;
    const end = () => started.kill('SIGKILL');
    // Tests that are broken off must not leave it behind.
    process.once('exit', end);
    ended = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
    void ended.then(() => process.off('exit', end));
    const endMs = Date.now() + START_MAX_MS;
    while (!((await answers(httpPort)) && (await answers(componentPort)))) {
      if (child.exitCode !== null || Date.now() > endMs) throw new Error(`Prosody did not start:\n${log()}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  async function kill() {
    child?.kill('SIGKILL');
    await ended;
  }

  function log() {
    const path = join(folder, 'log');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  async function stop() {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  }

  try {
    await go();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    domain,
    /** Serves `/xmpp-websocket`. */
    httpPort,
    /** Where `focus.DOMAIN` connects, and with what. */
    componentPort,
    secret,
    /** Kills the server without a word to its clients, and starts it again. */
    kill,
    go,
    /** What the server has logged. */
    log,
    stop,
  };
}

/** Installs Prosody where that needs no questions. Returns whether there is one now. */
export async function provideProsody() {
  if (!hasProsody() && canInstallPackages) await tryToInstall('prosody');
  return hasProsody();
}
