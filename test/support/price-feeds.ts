/** Price feeds on a real node: Chainlink's own FluxAggregator behind its proxy, and our OCR aggregator. */
import { Interface } from 'ethers/abi';
import { chainlinkContracts } from '../../.ci/chainlink-contracts.mjs';
import type { Anvil } from './anvil.js';
import { eventually } from './eventually.js';
import { compileSolidity } from './contracts/compile.js';

interface Code {
  readonly abi: readonly object[];
  readonly bytecode: string;
}

interface Receipt {
  readonly status: string;
  readonly contractAddress: string;
}

export interface Deployed {
  readonly address: string;
  /** A transaction of `from`, mined. */
  send(from: string, method: string, ...args: readonly unknown[]): Promise<void>;
}

export interface PriceFeed {
  readonly proxy: string;
  readonly aggregator: Deployed;
}

export interface PriceFeeds {
  /** Ten funded accounts; the first deploys. */
  readonly accounts: readonly string[];
  /** Version 3; each of `oracles` submits, and two make a consensus. */
  flux(description: string, oracles: readonly string[]): Promise<PriceFeed>;
  /** Version 4. */
  ocr(description: string, transmitters: readonly string[]): Promise<PriceFeed>;
}

export async function priceFeedsOn(anvil: Pick<Anvil, 'call'>): Promise<PriceFeeds> {
  const { LinkToken, FluxAggregator, EACAggregatorProxy } = await chainlinkContracts();
  const own = compileSolidity('./OcrAggregator.sol');
  const accounts = (await anvil.call('eth_accounts')) as string[];
  const owner = accounts[0] as string;

  const send = async (transaction: object): Promise<Receipt> => {
    const hash = await anvil.call('eth_sendTransaction', [{ gas: '0x989680', ...transaction }]);
    // anvil mines at once, but a moment after it has answered.
    const receipt = await eventually(
      async () => (await anvil.call('eth_getTransactionReceipt', [hash])) as Receipt | null,
      { what: 'a receipt', everyMs: 2 },
    );
    if (receipt.status !== '0x1') throw new Error(`the transaction ${String(hash)} failed`);
    return receipt;
  };
  const deploy = async ({ abi, bytecode }: Code, ...args: readonly unknown[]): Promise<Deployed> => {
    const contract = new Interface(abi as never);
    const data = bytecode + contract.encodeDeploy(args).slice(2);
    const { contractAddress: address } = await send({ from: owner, data });
    return {
      address,
      send: async (from, method, ...values) => {
        await send({ from, to: address, data: contract.encodeFunctionData(method, values) });
      },
    };
  };
  const link = await deploy(LinkToken);
  const nobody = `0x${'0'.repeat(40)}`;

  return {
    accounts,
    async flux(description, oracles) {
      const [payment, timeout, least, most] = [10n ** 18n, 1_800, 1, 10n ** 15n];
      const aggregator = await deploy(
        FluxAggregator,
        ...[link.address, payment, timeout, nobody, least, most, 8, description],
      );
      await link.send(owner, 'transfer', aggregator.address, 10n ** 24n);
      await aggregator.send(owner, 'updateAvailableFunds');
      await aggregator.send(owner, 'changeOracles', [], oracles, oracles, 2, oracles.length, 0);
      const proxy = await deploy(EACAggregatorProxy, aggregator.address, nobody);
      return { proxy: proxy.address, aggregator };
    },
    async ocr(description, transmitters) {
      const aggregator = await deploy(own['OcrAggregator'] as Code, description, transmitters);
      const proxy = await deploy(own['FeedProxy'] as Code, aggregator.address);
      return { proxy: proxy.address, aggregator };
    },
  };
}
