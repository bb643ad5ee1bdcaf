/** Where monitors can run, in the words of `--host`, of a config's `hosting` section and of a monitor's status. */

/** A new host gets its word here; what then lacks a row for it does not compile. */
export const HOST_WORDS = ['thread', 'dense', 'process', 'cell', 'pool'] as const;
/** A place where monitors can run. */
export type HostWord = (typeof HOST_WORDS)[number];

/** `auto`: the first of {@link AUTO_ORDER} that has room. */
export const HOST_CHOICES = [...HOST_WORDS, 'auto'] as const;
/** A host, or `auto`. */
export type HostChoice = (typeof HOST_CHOICES)[number];

/** What `auto` tries, in this order. */
export const AUTO_ORDER: readonly [HostWord, ...HostWord[]] = ['cell', 'dense'];

/** Hosts that put several monitors into one thread: for these, `density` says how many. */
export const PACKING_HOSTS: readonly HostWord[] = ['dense', 'cell'];

/** For help; none is loaded for it. */
export const HOST_ABOUT: Readonly<Record<HostWord, string>> = {
  thread: 'a thread of the manager each',
  dense: 'threads of the manager that up to --density of a kind share',
  process: 'a child process each',
  cell: 'threads of child processes, up to --cell-size each',
  pool: 'rounds of all in --threads threads of the manager',
};

/** What a config says of where one monitor runs; what it leaves out is for others to choose. */
export interface Hosting {
  readonly host?: HostChoice;
  /** Monitors that may share a thread; 1: a thread of its own. For hosts that pack. */
  readonly density?: number;
  /** Which rule named the host, the most special first; null if none did. */
  readonly by: 'monitor' | 'kind' | 'default' | null;
}

/** Where a monitor runs and why. */
export interface Placement {
  readonly host: HostWord;
  readonly reason: PlacementReason;
}

/**
 * `by-id`, `by-kind`, `by-default`: a rule of that reach. `auto`: nobody chose, or `auto` was chosen. `demoted`:
 * it brought cells down, so it has a process of its own.
 */
export type PlacementReason = 'by-id' | 'by-kind' | 'by-default' | 'auto' | 'demoted';
