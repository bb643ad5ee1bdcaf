/** Compiles the Solidity sources of this folder. Promise: warnings and errors of the compiler fail the test. */
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

export interface Compiled {
  readonly abi: readonly { readonly type: string; readonly name?: string }[];
  readonly bytecode: string;
}

interface Output {
  readonly errors?: readonly { readonly formattedMessage: string }[];
  readonly contracts: Record<
    string,
    Record<string, { abi: Compiled['abi']; evm: { bytecode: { object: string } } }>
  >;
}

/** Contract name to what it compiles to. */
export function compileSolidity(file: string): Record<string, Compiled> {
  const solc = createRequire(import.meta.url)('solc') as { compile(input: string): string };
  const content = readFileSync(new URL(file, import.meta.url), 'utf8');
  const settings = {
    optimizer: { enabled: true, runs: 200 },
    evmVersion: 'paris',
    outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
  };
  const input = JSON.stringify({ language: 'Solidity', sources: { [file]: { content } }, settings });
  const { errors = [], contracts } = JSON.parse(solc.compile(input)) as Output;
  if (errors.length > 0) throw new Error(errors.map((error) => error.formattedMessage).join('\n'));
  return Object.fromEntries(
    Object.entries(contracts[file] ?? {}).map(([name, { abi, evm }]) => [
      name,
      { abi, bytecode: `0x${evm.bytecode.object}` },
    ]),
  );
}
