/** Types of what tests import. */
export interface ConfigurationSources {
  readonly schema: object;
  readonly defaults: object;
  readonly bounds: object;
  readonly variables: Readonly<Record<string, string>>;
  readonly strategies: readonly object[];
}
export function configurationDocument(sources: ConfigurationSources): string;
export function configurationSources(): Promise<ConfigurationSources>;
