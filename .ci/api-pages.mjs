/** The two pages of a package's public API as text. Promise: the same API gives the same text. */
import { format } from 'prettier';

const PRETTIER = { parser: 'markdown', printWidth: 110, singleQuote: true };

/** For reviews: signatures alone. */
export function apiReport({ name, entries, hidden }) {
  const parts = [
    `# API report of ${name}`,
    'What can be imported, and the types it leads to. Made by `npm run build && node .ci/api-doc.mjs`; a test compares it, so',
    'a change here is a change of the public API: it needs a changeset.',
  ];
  for (const { path, names } of entries) {
    parts.push('', `## ${path}`, '', '```ts', ...names.map(bare), '```');
  }
  if (hidden.length > 0) {
    parts.push('', '## Led to, not exported', '', '```ts', ...hidden.map(bare), '```');
  }
  return format(`${parts.join('\n')}\n`, PRETTIER);
}

/** For users: every name with its comment; comments of members stand with them. */
export function apiDocument({ name, description, entries, hidden }) {
  const parts = [
    `# ${name}`,
    '',
    description,
    '',
    'Made by `npm run build && node .ci/api-doc.mjs` from the comments in the code. Times are milliseconds where a name ends',
    'in `Ms`, sizes MiB where it ends in `Mb`. Errors named in capitals are codes: [ERRORS.md](../../ERRORS.md).',
  ];
  for (const { path, names } of entries) {
    parts.push('', `## ${path}`);
    for (const one of names) parts.push(...section(one));
  }
  if (hidden.length > 0) {
    parts.push('', '## Types the above lead to', '', 'They cannot be imported by name.');
    for (const one of hidden) parts.push(...section(one));
  }
  return format(`${parts.join('\n')}\n`, PRETTIER);
}

function bare({ name, from, code }) {
  if (from !== null) return `export { ${name} } from '${from}';`;
  return code.map((one) => one.bare).join('\n');
}

function section({ name, from, code, doc }) {
  if (from !== null) return ['', `### ${name}`, '', `From \`${from}\`.`];
  return ['', `### ${name}`, '', doc, '', '```ts', ...code.map((one) => one.full), '```'];
}
