/** The shells `vedette completion` knows, apart from their scripts: loaded with the command line. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** What the scripts ask; no command for people. */
export const ASK_COMMAND = '__complete';
