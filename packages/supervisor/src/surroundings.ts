/** What all monitors of one supervisor share. Passed in, never global. */
import type {
  BrokerAddress,
  BrokerReply,
  BrokerRequest,
  Clock,
  JsonValue,
  LogLevel,
  MonitorSpec,
  VedetteError,
} from '@vedette/contract';
import type { Emit } from './events.js';
import type { Host } from './hosts/host.js';
import type { Journal } from './journal.js';
import type { RestartPolicy } from './restart.js';
import type { StartGate } from './start-gate.js';
import type { Watch } from './watch.js';

export interface Surroundings {
  readonly host: Host;
  readonly broker: BrokerAddress;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly gate: StartGate;
  readonly watch: Watch;
  readonly journal: Journal;
  readonly policy: RestartPolicy;
  readonly beatMs: number;
  readonly echo: boolean;
  readonly logLevel: LogLevel;
  /** Never throws. */
  readonly emit: Emit;
  readonly onIllegalMove: (error: VedetteError) => void;
  /** State from before this process, for a monitor with these settings; null if there is none. */
  readonly initialState: (id: string, revision: string) => JsonValue;
  /** Two specs of one id with the same key need no restart: revision, and the choice of host. */
  readonly keyOf: (spec: MonitorSpec) => string;
  readonly handleBroker: ((request: BrokerRequest) => Promise<BrokerReply>) | null;
  /** Monitors wanted at present, for the spread of first rounds. */
  readonly wantedCount: () => number;
  /** Told when an id is not wanted and no worker of it is left. */
  readonly onGone: (monitor: { readonly spec: MonitorSpec }) => void;
}
