/** What the manager counts; plain numbers, read by the CLI and later by metrics. */
export interface ManagerCounters {
  /** Config messages taken. */
  accepted: number;
  /** Config messages parked as a whole. */
  parked: number;
  /** Refused entries and messages by code. */
  refusedByCode: Record<string, number>;
  /** Answers to pings; several pings at once have one. */
  pings: number;
  /** Monitorables messages confirmed by the broker. */
  monitorables: number;
}

export function newCounters(): ManagerCounters {
  return { accepted: 0, parked: 0, refusedByCode: {}, pings: 0, monitorables: 0 };
}
