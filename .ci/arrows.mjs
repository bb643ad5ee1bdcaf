/**
 * Which package may import what: the table of the design, read by the linter and by a test of the
 * package.json files. Promise: what is not named here is forbidden.
 */

/** Package folder to the workspace packages it may depend on. */
export const ARROWS = {
  contract: [],
  broker: ['contract'],
  supervisor: ['contract'],
  monitor: ['contract', 'broker'],
  manager: ['contract', 'broker', 'supervisor'],
  'monitors-general': ['contract', 'monitor'],
  'monitors-evm': ['contract', 'monitor'],
  'monitors-chainlink': ['contract', 'monitor'],
  'monitors-cosmos': ['contract', 'monitor'],
  'monitors-substrate': ['contract', 'monitor'],
  cli: [
    'contract',
    'broker',
    'supervisor',
    'monitor',
    'manager',
    'monitors-general',
    'monitors-evm',
    'monitors-chainlink',
    'monitors-cosmos',
    'monitors-substrate',
  ],
};

/** Libraries that must stay in the packages named: they are dear, or own one side effect. */
export const CONFINED = {
  ethers: ['monitors-evm', 'monitors-chainlink'],
  '@polkadot/api': ['monitors-substrate'],
  '@polkadot/types': ['monitors-substrate'],
  '@polkadot/types-known': ['monitors-substrate'],
  '@polkadot/util': ['monitors-substrate'],
  '@polkadot/util-crypto': ['monitors-substrate'],
  ws: ['monitors-substrate'],
  amqplib: ['broker'],
  smqp: ['broker'],
  piscina: ['supervisor'],
  winston: ['cli'],
  commander: ['cli'],
};

/** Only this package reads argv and env or ends the process. */
export const PROCESS_OWNER = 'cli';
/** Files that are the main program of a process of their own. */
export const MAIN_FILES = ['packages/supervisor/src/hosts/host-line.ts'];
