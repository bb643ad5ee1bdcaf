/**
 * The listening end of sd_notify, as systemd has it: a datagram socket. Perl binds it, which is on every Debian;
 * Node cannot. Promise: it is gone after `close`.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { eventually } from './eventually.js';

export interface ServiceManager {
  /** Value of NOTIFY_SOCKET. */
  readonly socket: string;
  /** All messages so far, each as its assignments. */
  readonly heard: readonly Readonly<Record<string, string>>[];
  /** How often a name was assigned. */
  count(name: string): number;
  /** The last value of a name. */
  last(name: string): string | undefined;
  close(): Promise<void>;
}

// What comes with the message (systemd-notify sends a pipe to know when it was read) is dropped by recv.
const PROGRAM = `
use Socket; $| = 1;
my $name = shift; $name =~ s/^@/\\0/;
socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die; bind($s, pack_sockaddr_un($name)) or die;
print "bound\\n";
while (defined recv($s, my $text, 65536, 0)) { $text =~ s/\\n/\\t/g; print "heard $text\\n"; }
`;

/** `socket`: a path, or `@name`. */
export async function startServiceManager(socket: string): Promise<ServiceManager> {
  const heard: Record<string, string>[] = [];
  let isBound = false;
  const child = spawn('perl', ['-e', PROGRAM, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'bound') isBound = true;
    const text = /^heard (.*)$/.exec(line)?.[1];
    if (text === undefined) return;
    const words = text.split('\t').filter((word) => word.includes('='));
    // The barrier is a message of its own.
    if (words.some((word) => !word.startsWith('BARRIER='))) heard.push(Object.fromEntries(words.map(split)));
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  await eventually(() => isBound, { deadlineMs: 20_000, what: 'the socket of the service manager' });
  return {
    socket,
    heard,
    count: (name) => heard.filter((words) => name in words).length,
    last: (name) => heard.findLast((words) => name in words)?.[name],
    async close() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function split(word: string): [string, string] {
  const at = word.indexOf('=');
  return [word.slice(0, at), word.slice(at + 1)];
}
