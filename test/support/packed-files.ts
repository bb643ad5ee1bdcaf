/** The files of a package's tarball, and the libraries that its entry points reach. */
import { gunzipSync } from 'node:zlib';
import { posix } from 'node:path';

const BLOCK = 512;

/** Path, without the leading `package/`, to text. Enough of tar for what pnpm writes. */
export function filesOf(tarball: Buffer): Map<string, string> {
  const tar = gunzipSync(tarball);
  const files = new Map<string, string>();
  const field = (at: number, length: number): string =>
    tar.toString('utf8', at, at + length).replace(/\0[\s\S]*$/, '');
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0;) {
    const size = Number.parseInt(field(at + 124, 12), 8);
    const path = posix.join(field(at + 345, 155), field(at, 100));
    files.set(path.replace(/^package\//, ''), tar.toString('utf8', at + BLOCK, at + BLOCK + size));
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

interface Exported {
  readonly name: string;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
}

const IMPORT =
  /(?:\bfrom\s|\bimport\s|\bimport\(|\brequire\(|\bmeta\.resolve\(|\brequire\.resolve\()\s*'([^'\n]+)'/g;

/** Names of libraries, by code and by types. A bundle has what it needs inside. */
export function reachable(files: ReadonlyMap<string, string>): Set<string> {
  const manifest = JSON.parse(files.get('package.json') ?? '{}') as Exported;
  const libraries = new Set<string>();
  const seen = new Set<string>();
  const visit = (path: string): void => {
    const text = files.get(path);
    if (text === undefined || seen.has(path) || /\.d?\.?cts$|\.cjs$/.test(path)) return;
    seen.add(path);
    for (const [, wanted = ''] of withoutComments(text).matchAll(IMPORT)) {
      if (wanted.startsWith('.')) {
        const target = posix.join(posix.dirname(path), wanted);
        visit(path.endsWith('.d.ts') ? target.replace(/\.js$/, '.d.ts') : target);
      } else if (!wanted.startsWith('node:')) libraries.add(libraryOf(wanted));
    }
  };
  const targets = Object.values(manifest.exports ?? {}).flatMap((one) =>
    typeof one === 'string' ? [one] : Object.values(one),
  );
  for (const target of [...targets, ...Object.values(manifest.bin ?? {})]) visit(posix.join(target));
  libraries.delete(manifest.name);
  return libraries;
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

function libraryOf(wanted: string): string {
  return wanted
    .split('/')
    .slice(0, wanted.startsWith('@') ? 2 : 1)
    .join('/');
}
