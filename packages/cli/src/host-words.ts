/** What `--host` takes; apart from the hosts, so that `--help` loads none of them. */
import { AUTO_ORDER, HOST_ABOUT, HOST_WORDS, type HostChoice } from '@vedette/contract';

export { HOST_CHOICES, HOST_WORDS, type HostChoice, type HostWord } from '@vedette/contract';

/** Where neither `--host` nor the config says anything. */
export const DEFAULT_HOST: HostChoice = 'auto';

/** For help: `cell` (threads of …), … */
export const HOST_HELP: string = [
  ...HOST_WORDS.map((word) => `\`${word}\` (${HOST_ABOUT[word]})`),
  `\`auto\` (the first that has room of: ${AUTO_ORDER.join(', ')})`,
].join(', ');
