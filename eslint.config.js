import tseslint from 'typescript-eslint';

const TESTS = ['**/test-*.ts', '**/*-rig.ts', '**/*.test.ts', 'tests/**/*.ts', 'packages/testkit/**/*.ts'];

const forbiddenProperties = (properties) => ({
  'no-restricted-properties': ['error', ...properties],
});
const PROCESS_ENV = { object: 'process', property: 'env', message: 'Only apps/*/src/config.ts reads the environment.' };

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      '**/dist-web/',
      '**/node_modules/',
      '.data/',
      'coverage/',
      'packages/db/src/generated/',
      'loadtest/k6/',
      'loadtest/results/',
      '**/*.d.ts',
      'deploy/',
      'apps/console/vite.config.ts',
      'apps/console/public/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './apps/console/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
      // Our interfaces are met by object literals and closures: their functions have no `this` to lose.
      '@typescript-eslint/unbound-method': 'off',
      // An async function without await is how an interface that promises is implemented at once.
      '@typescript-eslint/require-await': 'off',
      'no-console': 'error',
      eqeqeq: 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      'max-lines': ['error', { max: 450, skipBlankLines: true, skipComments: true }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true } }],
      ...forbiddenProperties([PROCESS_ENV]),
    },
  },
  {
    files: ['apps/*/src/config.ts', 'loadtest/src/config.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: TESTS,
    rules: {
      'no-restricted-properties': 'off',
      // Matchers of jest are `any`, and so are the bodies tests look into.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      'max-lines': 'off',
    },
  },
);
