/** What `--host` takes; apart from the hosts, so that `--help` loads none of them. */
export const HOST_WORDS = ['thread', 'dense', 'process', 'cell', 'pool'] as const;
export type HostWord = (typeof HOST_WORDS)[number];
