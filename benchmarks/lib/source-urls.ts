/** Where the stand-in sources of a run answer. */
export interface SourceUrls {
  readonly chainlink: string;
  readonly system: string;
  readonly evm: string;
  readonly substrate: string;
}
