/**
 * One linter for the whole repository. Promise: what the design forbids (arrows, cycles, unawaited promises)
 * fails the build; what Prettier or the compiler already sees is not said twice.
 */
import eslint from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import vedette from './.ci/eslint-arrows.mjs';

const TESTS = ['packages/*/test/**', 'test/**', 'benchmarks/**', 'examples/**'];

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/',
      '**/dist/',
      'packages/operator/dashboard/',
      '.cache/',
      'benchmarks/results/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  {
    plugins: { 'import-x': importX, vedette },
    settings: {
      'import-x/extensions': ['.ts', '.js', '.mjs', '.cjs'],
      'import-x/resolver-next': [
        createNodeResolver({
          extensionAlias: { '.js': ['.ts', '.js'] },
          conditionNames: ['types', 'node', 'import'],
        }),
      ],
    },
    rules: {
      'vedette/arrows': 'error',
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-self-import': 'error',
      'import-x/no-default-export': 'off',
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: NODE_BUILTIN_WITHOUT_PREFIX(), message: 'Write it with the node: prefix.' }] },
      ],
      eqeqeq: 'error',
      'no-console': 'off',
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.tests.json', './packages/operator/web/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      // A number or an id in a sentence is plain.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // `_name` says "left out on purpose", as in `const { module: _module, ...rest } = spec`.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Both object to checks of data from outside, whose type promises more than is known.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      // `return fail(...)` from a void function reads well.
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      // `() => void signal(pid)` says that the value is of no interest, whatever it is.
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // The compiler's types say it.
      'no-undef': 'off',
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportDefaultDeclaration',
          message: 'Named exports only; a monitor module (src/**/monitor.ts) is the one exception.',
        },
      ],
    },
  },
  { files: ['packages/*/src/**/monitor.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['packages/*/src/**/*.ts'], ignores: ['packages/cli/**'], rules: { 'no-console': 'error' } },
  {
    files: TESTS.map((folder) => `${folder}/*.ts`),
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      // chai's `expect(x).to.be.true`.
      '@typescript-eslint/no-unused-expressions': 'off',
      // Fakes of async interfaces need not await; callbacks of mocha may be async.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      // Tests feed wrong types on purpose.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: NODE_GLOBALS() },
  },
);

function NODE_GLOBALS() {
  const names = [
    'process',
    'console',
    'performance',
    'Buffer',
    'URL',
    'fetch',
    'AbortSignal',
    'AbortController',
  ];
  const timers = [
    'setTimeout',
    'clearTimeout',
    'setInterval',
    'clearInterval',
    'setImmediate',
    'structuredClone',
  ];
  return Object.fromEntries([...names, ...timers].map((name) => [name, 'readonly']));
}

function NODE_BUILTIN_WITHOUT_PREFIX() {
  return '^(assert|async_hooks|buffer|child_process|cluster|crypto|diagnostics_channel|dns|events|fs|http|http2|https|module|net|os|path|perf_hooks|process|querystring|readline|stream|string_decoder|timers|tls|tty|url|util|v8|vm|worker_threads|zlib)(/.*)?$';
}
