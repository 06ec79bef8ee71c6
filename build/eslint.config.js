import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import { defineConfig } from 'eslint/config';
import { join } from 'node:path';
import ts from 'typescript-eslint';

const project = join(import.meta.dirname, '..');

export default defineConfig(
  {
    ignores: [
      '**/out/',
      '**/dist/',
      'demo/',
      '**/test-results/',
      '**/node_modules/',
      'test/types/',
      'main/messages/compiled/',
    ],
  },
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  svelte.configs.recommended,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['build/*.js', 'build/*.cjs'] },
        tsconfigRootDir: project,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      'no-undef': 'off', // TypeScript knows better.
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      // The reason of an AbortSignal may be anything.
      '@typescript-eslint/prefer-promise-reject-errors': [
        'error',
        { allowThrowingUnknown: true, allowThrowingAny: true },
      ],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    // This parser sees some types of Svelte's templates as `any`. svelte-check checks them.
    files: ['**/*.svelte'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
    },
  },
  {
    files: ['test/**', '**/*.test.ts'],
    rules: {
      // Playwright's fixtures need a pattern even if it is empty.
      'no-empty-pattern': 'off',
      '@typescript-eslint/require-await': 'off',
      // Tests destructure objects whose methods are closures.
      '@typescript-eslint/unbound-method': 'off',
      // `expect.any()` is `any` by design.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      // If an answer's JSON has another shape, the test fails, as it should.
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  {
    // The older runtime has only the calls that the current one deprecates.
    files: ['main/desktop/keyring.ts', 'test/e2e/stored.ts'],
    rules: { '@typescript-eslint/no-deprecated': 'off' },
  },
  { files: ['**/*.js', '**/*.cjs'], extends: [ts.configs.disableTypeChecked] },
);
