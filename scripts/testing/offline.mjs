// Cuts the network off from one command, where Linux permits that: a network namespace that holds only this machine.
import { spawnSync } from 'node:child_process';

/** Brings the namespace's own address up, then becomes the command. Perl is on every Debian; `ip` and `ifconfig` are not. */
const up = `ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null || perl -e '
  socket(my $s, 2, 2, 0); my $flags = pack("a16s\\@40", "lo", 0x41); ioctl($s, 0x8914, $flags) or exit 1'
exec "$@"`;

/** Succeeds where this machine can be reached and no other has a route. */
const probe = `
const { connect, createServer } = require('node:net');
const server = createServer().listen(0, '127.0.0.1', () => {
  connect(server.address().port, '127.0.0.1', () => {
    connect(80, '192.0.2.1').on('error', ({ code }) => process.exit(code === 'ENETUNREACH' ? 0 : 1));
  }).on('error', () => process.exit(1));
});
setTimeout(() => process.exit(1), 3000);`;

/** What to put before a command to run it without a network; undefined where that is not permitted. */
export function withoutNetwork() {
  if (process.platform !== 'linux') return undefined;
  const ways = [['-n'], ['-r', '-n']].map((flags) => ['unshare', ...flags, 'sh', '-c', up, 'sh']);
  return ways.find(([first, ...rest]) => spawnSync(first, [...rest, process.execPath, '-e', probe]).status === 0);
}
