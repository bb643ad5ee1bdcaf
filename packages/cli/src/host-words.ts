/** What `--host` takes; apart from the hosts, so that `--help` loads none of them. */
import type { HostChoice } from '@vedette/contract';

export { HOST_CHOICES, HOST_WORDS, type HostChoice, type HostWord } from '@vedette/contract';

/** Where neither `--host` nor the config says anything. */
export const DEFAULT_HOST: HostChoice = 'thread';

export const HOST_ABOUT: Readonly<Record<HostChoice, string>> = {
  thread: 'a thread of this process each',
  process: 'a child process each',
  cell: 'threads of child processes, up to --cell-size each',
  auto: 'the first that has room of: cell',
};
