/**
 * Bundles what worker threads load: the worker entry and each kind's monitor module, from tsc's output.
 * Promise: a bundle that drags in a main-thread library fails the build; each size is printed.
 */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const PACKAGES = join(ROOT, 'packages');
/** Main-thread libraries: one of these in a thread costs 1 to 15 MB each. */
const FORBIDDEN = ['zod', 'winston', 'smqp', 'commander', 'yaml', 'p-queue', 'piscina'];
/** Where a heavy library is at home; everywhere else it is forbidden too. */
const ONLY_IN = {
  ethers: ['monitors-evm', 'monitors-chainlink'],
  '@polkadot/types': ['monitors-substrate'],
  '@polkadot/api': [],
  amqplib: ['monitor'],
};

/**
 * Libraries load these although a monitor seldom needs them, and each costs a thread about 0.3 MB
 * (tls through amqplib, https and zlib through ethers). In a bundle they are loaded at first use.
 */
const LAZY_BUILTINS = ['tls', 'https', 'zlib'];

const lazyBuiltins = {
  name: 'lazy-builtins',
  setup({ onResolve, onLoad }) {
    const filter = new RegExp(`^(node:)?(${LAZY_BUILTINS.join('|')})$`);
    onResolve({ filter }, ({ path }) => ({ path: path.replace('node:', ''), namespace: 'lazy-builtin' }));
    onLoad({ filter: /.*/, namespace: 'lazy-builtin' }, ({ path }) => {
      const library = process.getBuiltinModule(`node:${path}`);
      const names = Object.keys(library).filter((name) => typeof library[name] === 'function');
      return {
        contents: `for (const name of ${JSON.stringify(names)})
          Object.defineProperty(exports, name, {
            enumerable: true,
            get: () => process.getBuiltinModule('node:${path}')[name],
          });`,
      };
    });
  },
};

/** Whose libraries write to the console, which in a thread is a log line of no use. */
const QUIETENED = ['monitors-substrate'];

/**
 * What @polkadot's libraries bring that no monitor needs: WebAssembly of ciphers (hashes have a form in
 * plain JavaScript, which the library takes while `isReady()` is false), and a logger that writes to the
 * console, which in a thread nobody reads.
 */
const leanPolkadot = {
  name: 'lean-polkadot',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@polkadot\/wasm-crypto$/ }, ({ path, resolveDir }) => ({
      path,
      namespace: 'no-wasm',
      pluginData: resolveDir,
    }));
    onLoad({ filter: /.*/, namespace: 'no-wasm' }, ({ path, pluginData: from }) => {
      const library = createRequire(join(from, 'any.js'))(path);
      const names = Object.keys(library).filter((name) => name !== 'isReady');
      const lines = names.map((name) => `export const ${name} = undefined;`);
      return { contents: ['export const isReady = () => false;', ...lines].join('\n') };
    });
    onLoad({ filter: /@polkadot\/util\/logger\.js$/ }, () => ({
      contents: `const quiet = () => undefined;
        export const loggerFormat = (value) => value;
        export const logger = () => ({ debug: quiet, error: quiet, log: quiet, noop: quiet, warn: quiet });`,
    }));
  },
};

/** What `import.meta.url` is in a bundle that is CommonJS. */
const OWN_URL = {
  define: { 'import.meta.url': 'ownUrl' },
  banner: { js: "const ownUrl = require('node:url').pathToFileURL(__filename).href;" },
};

function bundles() {
  const found = [
    {
      owner: 'monitor',
      from: join(PACKAGES, 'monitor/dist/worker/entry.js'),
      to: join(PACKAGES, 'monitor/dist/entry.cjs'),
    },
    {
      owner: 'monitor',
      from: join(PACKAGES, 'monitor/dist/worker/pool/pool-entry.js'),
      to: join(PACKAGES, 'monitor/dist/pool-entry.cjs'),
    },
    ...['process-child', 'cell-child', 'dense-child'].map((name) => ({
      owner: 'supervisor',
      from: join(PACKAGES, `supervisor/dist/hosts/${name}.js`),
      to: join(PACKAGES, `supervisor/dist/${name}.cjs`),
    })),
  ];
  for (const owner of readdirSync(PACKAGES).filter((name) => name.startsWith('monitors-'))) {
    const dist = join(PACKAGES, owner, 'dist');
    if (!existsSync(dist)) continue;
    for (const kind of readdirSync(dist)) {
      const from = join(dist, kind, 'monitor.js');
      if (existsSync(from)) found.push({ owner, from, to: join(dist, kind, 'monitor.cjs') });
    }
  }
  return found;
}

async function bundle({ owner, from, to }) {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [from],
    outfile: to,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    minify: true,
    keepNames: false,
    legalComments: 'none',
    metafile: true,
    // @polkadot warns on the console about metadata it copes with.
    drop: QUIETENED.includes(owner) ? ['console'] : [],
    plugins: [lazyBuiltins, leanPolkadot],
    // A cell looks for the first file of its threads.
    ...(owner === 'supervisor' ? OWN_URL : {}),
    logLevel: 'warning',
  });
  const libraries = new Set(Object.keys(metafile.inputs).map(libraryOf));
  const foreign = [...libraries].filter(
    (name) => FORBIDDEN.includes(name) || (name in ONLY_IN && !ONLY_IN[name].includes(owner)),
  );
  if (foreign.length > 0) throw new Error(`${relative(ROOT, to)} must not hold ${foreign.join(', ')}`);
  const bytes = Object.values(metafile.outputs)[0].bytes;
  console.log(`  ${relative(ROOT, to).padEnd(58)} ${(bytes / 1024).toFixed(0).padStart(5)} KB`);
}

/** The package a bundled file belongs to, or null for our own files. */
function libraryOf(file) {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? null;
}

try {
  await Promise.all(bundles().map(bundle));
} catch (error) {
  console.error(`bundle: ${error.message}`);
  process.exitCode = 1;
}
