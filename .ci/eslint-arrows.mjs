/**
 * ESLint rule `vedette/arrows`: imports follow the table in arrows.mjs. Promise: static, type-only,
 * dynamic and relative imports are all seen; `no-restricted-imports` would miss the last two.
 */
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ARROWS, CONFINED, MAIN_FILES, PROCESS_OWNER } from './arrows.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const PROCESS_WORDS = new Set(['exit', 'argv', 'env']);

/** Why `specifier` may not be imported by the file at `path` (relative to the root), or null. */
export function forbiddenImport(path, specifier) {
  const [, folder, part] = /^packages\/([^/]+)\/([^/]+)\//.exec(path) ?? [];
  const isSource = part === 'src';

  if (specifier.startsWith('.')) {
    const target = join(dirname(path), specifier).split(sep).join('/');
    const [, other, inside] = /^packages\/([^/]+)\/(.*)$/.exec(target) ?? [];
    if (other === undefined || other === folder) return null;
    return `reaches into package ${other} (${inside}); import @vedette/${other} instead`;
  }

  const [, other, rest] = /^@vedette\/([^/]+)(\/.*)?$/.exec(specifier) ?? [];
  if (other !== undefined) {
    if (/^\/(src|dist)\b/.test(rest ?? ''))
      return `reaches into ${specifier}; import what the package exports`;
    if (!isSource || other === folder) return null;
    const allowed = ARROWS[folder];
    if (allowed === undefined) return `package ${folder} has no row in .ci/arrows.mjs`;
    return allowed.includes(other) ? null : `${folder} must not depend on ${other} (see .ci/arrows.mjs)`;
  }

  if (!isSource) return null;
  const library = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const owners = CONFINED[library];
  if (owners !== undefined && !owners.includes(folder)) {
    return `${library} belongs in ${owners.join(' and ')} only`;
  }
  if (specifier === 'node:process' && folder !== PROCESS_OWNER) {
    return `only ${PROCESS_OWNER} reads argv and env or ends the process`;
  }
  return null;
}

const arrows = {
  meta: {
    type: 'problem',
    docs: { description: 'imports follow the arrows of the design' },
    messages: { forbidden: '{{why}}' },
    schema: [],
  },
  create(context) {
    const path = relative(ROOT, context.filename).split(sep).join('/');
    const isOwner =
      !/^packages\/[^/]+\/src\//.test(path) ||
      path.startsWith(`packages/${PROCESS_OWNER}/`) ||
      MAIN_FILES.includes(path);
    const check = (source) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
      const why = forbiddenImport(path, source.value);
      if (why !== null) context.report({ node: source, messageId: 'forbidden', data: { why } });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source ?? node.argument?.literal),
      MemberExpression(node) {
        if (isOwner || node.object.name !== 'process') return;
        const word = node.computed ? node.property.value : node.property.name;
        if (!PROCESS_WORDS.has(word)) return;
        const why = `only ${PROCESS_OWNER} uses process.${word}; take what you need as a parameter`;
        context.report({ node, messageId: 'forbidden', data: { why } });
      },
    };
  },
};

export default { meta: { name: 'vedette' }, rules: { arrows } };
