/** What a worker loads of this package: the built files, bundled as the worker entry is. */
import { fileURLToPath } from 'node:url';
import { build, stop } from 'esbuild';
import { expect } from 'chai';

async function inputsOf(entry: string): Promise<readonly string[]> {
  const result = await build({
    stdin: {
      contents: `export * from '${entry}';`,
      resolveDir: fileURLToPath(new URL('..', import.meta.url)),
    },
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
  });
  const [output] = Object.values(result.metafile.outputs);
  const used = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return used.map(([path]) => path);
}

describe('worker bundle', () => {
  after(() => stop());

  it('of the AMQP publisher holds amqplib, but no smqp and no consuming code', async () => {
    const inputs = await inputsOf('@vedette/broker/amqp-publisher');
    expect(inputs.some((path) => path.includes('/amqplib/'))).to.equal(true);
    expect(inputs.filter((path) => /smqp|zod|amqp-consumer|amqp-broker|embedded/.test(path))).to.deep.equal(
      [],
    );
  });

  it('of the embedded client holds no broker library at all', async () => {
    const inputs = await inputsOf('@vedette/broker/embedded-client');
    expect(inputs.filter((path) => /smqp|amqplib|zod/.test(path))).to.deep.equal([]);
  });
});
