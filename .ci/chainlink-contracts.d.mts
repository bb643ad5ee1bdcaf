/** Types of what tests import. */
export interface CompiledContract {
  readonly abi: readonly { readonly type: string; readonly name?: string }[];
  readonly bytecode: string;
}
export function chainlinkContracts(): Promise<
  Record<'LinkToken' | 'FluxAggregator' | 'EACAggregatorProxy', CompiledContract>
>;
