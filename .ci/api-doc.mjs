/**
 * Writes what each package promises, from the types it ships: `api/*.api.md`, signatures alone, where a review sees a
 * change of the public API; and `docs/api/*.md`, the same names with their comments. With --check only compares.
 * Promise: every name that can be imported is in both, with all types of ours it leads to.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { apiDocument, apiReport } from './api-pages.mjs';
import { ROOT } from './setup.mjs';

const PACKAGES = join(ROOT, 'packages');

/** One page per package: name, description, and per entry point the declarations it exports. */
export function readApi() {
  const packages = readdirSync(PACKAGES)
    .filter((folder) => existsSync(join(PACKAGES, folder, 'package.json')))
    .map((folder) => ({
      folder,
      manifest: JSON.parse(readFileSync(join(PACKAGES, folder, 'package.json'), 'utf8')),
    }))
    .map(({ folder, manifest }) => ({ folder, manifest, entries: entriesOf(folder, manifest) }));
  const program = ts.createProgram({
    rootNames: packages.flatMap(({ entries }) => entries.map(({ file }) => file)),
    options: {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      skipLibCheck: true,
      noEmit: true,
      types: ['node'],
      typeRoots: [join(ROOT, 'node_modules/@types')],
    },
  });
  const checker = program.getTypeChecker();
  return packages.map(({ folder, manifest, entries }) => {
    const reader = new PackageReader(folder, checker);
    return {
      name: manifest.name,
      description: manifest.description,
      folder,
      ...reader.read(entries.map(({ path, file }) => ({ path, source: program.getSourceFile(file) }))),
    };
  });
}

/** Entry points with types; the bundles a host spawns have nothing to import. */
function entriesOf(folder, manifest) {
  return Object.entries(manifest.exports)
    .filter(([, target]) => target.types?.endsWith('.d.ts'))
    .map(([path, target]) => ({
      path: manifest.name + path.slice(1),
      file: join(PACKAGES, folder, target.types),
    }));
}

class PackageReader {
  #checker;
  #home;
  /** Symbol of a declaration to the names it is exported under. */
  #exported = new Map();
  /** Types of this package that exported ones lead to, and that nobody exports. */
  #hidden = new Map();

  constructor(folder, checker) {
    this.#checker = checker;
    this.#home = join(PACKAGES, folder, 'dist');
  }

  read(sources) {
    const entries = sources.map(({ path, source }) => {
      const symbols = this.#checker.getExportsOfModule(this.#checker.getSymbolAtLocation(source));
      return {
        path,
        symbols: symbols.map((symbol) => ({ name: symbol.name, target: this.#resolved(symbol) })),
      };
    });
    for (const { symbols } of entries) for (const { target } of symbols) this.#exported.set(target, true);
    const read = entries.map(({ path, symbols }) => ({
      path,
      names: symbols.map((one) => this.#itemOf(one)).sort(byName),
    }));
    // A set that grows while it is walked: hidden types lead to others.
    const hidden = [];
    for (const [target, name] of this.#hidden) hidden.push(this.#itemOf({ name, target }));
    return { entries: read, hidden: hidden.sort(byName) };
  }

  #resolved(symbol) {
    return symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }

  #itemOf({ name, target }) {
    const declarations = target.declarations ?? [];
    const [first] = declarations;
    const from =
      first === undefined || this.#isOurs(first) ? null : packageOf(first.getSourceFile().fileName);
    if (from !== null) return { name, from, code: [], doc: '' };
    for (const one of declarations) this.#follow(one);
    return {
      name,
      from,
      code: declarations.map((one) => ({ bare: codeOf(one, false), full: codeOf(one, true) })),
      doc: declarations
        .map((one) => docOf(one))
        .filter((text) => text !== '')
        .join('\n\n'),
    };
  }

  #isOurs(node) {
    return relative(this.#home, node.getSourceFile().fileName).startsWith('..') === false;
  }

  #follow(node) {
    const visit = (child) => {
      if (isPrivate(child)) return;
      if (ts.isIdentifier(child)) {
        const found = this.#checker.getSymbolAtLocation(child);
        if (found !== undefined) this.#note(this.#resolved(found));
      }
      ts.forEachChild(child, visit);
    };
    ts.forEachChild(node, visit);
  }

  #note(target) {
    const kinds =
      ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias | ts.SymbolFlags.Class | ts.SymbolFlags.Enum;
    const [declaration] = target.declarations ?? [];
    if ((target.flags & kinds) === 0 || declaration === undefined || this.#exported.has(target)) return;
    if (this.#isOurs(declaration)) this.#hidden.set(target, target.name);
  }
}

/** The declaration as the .d.ts has it, without private members; without comments unless `isFull`. */
function codeOf(declaration, isFull) {
  const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  const source = node.getSourceFile();
  let text = source.text.slice(node.getStart(source), node.end);
  const cuts = [];
  const visit = (child) => {
    if (isPrivate(child)) cuts.push([child.getFullStart(), child.end]);
    else ts.forEachChild(child, visit);
  };
  visit(node);
  const start = node.getStart(source);
  for (const [from, to] of cuts.sort((a, b) => b[0] - a[0])) {
    text = text.slice(0, Math.max(0, from - start)) + text.slice(to - start);
  }
  // Comments stand also where no node of the tree begins, as between the members of a union.
  if (!isFull) text = text.replace(/\/\*\*[\s\S]*?\*\//g, '');
  return text.replace(/^export (declare )?|^declare /, '').replace(/\n\s*\n/g, '\n');
}

/** `#name` and `private` members are nobody's business. */
function isPrivate(node) {
  const isNamedPrivate = node.name !== undefined && ts.isPrivateIdentifier(node.name);
  return (
    isNamedPrivate ||
    (ts.canHaveModifiers(node) &&
      (ts.getModifiers(node) ?? []).some((one) => one.kind === ts.SyntaxKind.PrivateKeyword))
  );
}

function docOf(declaration) {
  const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  return (node.jsDoc ?? [])
    .slice(-1)
    .map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? '')
    .join('\n')
    .replace(/\{@link ([^}]+)\}/g, (_match, target) => `\`${target.trim()}\``);
}

function packageOf(file) {
  const ours = /packages\/([^/]+)\/dist\//.exec(file);
  if (ours !== null) return `@vedette/${ours[1]}`;
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? 'elsewhere';
}

function byName(a, b) {
  return a.name < b.name ? -1 : 1;
}

/** Path to text of all pages. */
export async function apiPages(api = readApi()) {
  const pages = new Map();
  for (const one of api) {
    pages.set(`api/${one.folder}.api.md`, await apiReport(one));
    pages.set(`docs/api/${one.folder}.md`, await apiDocument(one));
  }
  return pages;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const pages = await apiPages();
  const isCheck = process.argv.includes('--check');
  if (!isCheck)
    for (const folder of ['api', 'docs/api']) rmSync(join(ROOT, folder), { recursive: true, force: true });
  for (const [path, text] of pages) {
    const file = join(ROOT, path);
    if (!isCheck) {
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, text);
    } else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
      process.stderr.write(`${path} is out of date: run \`npm run build && node .ci/api-doc.mjs\`\n`);
      process.exitCode = 1;
    }
  }
}
