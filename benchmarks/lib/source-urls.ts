/** Where the stand-in sources of a run answer. */
export interface SourceUrls {
  /** A small metrics page for monitors of a bench. */
  readonly probe: string;
  readonly chainlink: string;
  readonly system: string;
  readonly evm: string;
  /** Metrics page, REST and RPC of a validator of a Cosmos chain. */
  readonly cosmosPage: string;
  readonly cosmosRest: string;
  readonly cosmosRpc: string;
  /** The same RPC, each answer after 50 ms, and where it says how many it was asked at a time. */
  readonly cosmosSlow: string;
  readonly cosmosInFlight: string;
  readonly substrate: string;
  /** Stands for the release and tag pages of every repository. */
  readonly releases: string;
  readonly tags: string;
}
