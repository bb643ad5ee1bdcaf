/** Types of what tests import. */
export interface Image {
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly health: readonly string[];
}
export function instructionsOf(
  dockerfile: string,
): readonly { readonly word: string; readonly text: string }[];
export function runImage(options: {
  readonly folder: string;
  readonly inWorkspace?: boolean;
  readonly say?: (line: string) => void;
}): Promise<Image>;
