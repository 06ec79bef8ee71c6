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
      'no-undef': 'off', // TypeScript finds undefined names itself.
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
      // The reason of an AbortSignal has the type `any`, and a promise may reject with that reason.
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
    // This parser sees some types of Svelte's templates as `any`. svelte-check checks those types.
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
      // Playwright requires a fixture's first parameter to be an object pattern, even an empty one.
      'no-empty-pattern': 'off',
      '@typescript-eslint/require-await': 'off',
      // Tests take methods out of objects. These methods are closures, so they need no `this`.
      '@typescript-eslint/unbound-method': 'off',
      // `expect.any()` has the type `any` by design.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      // Tests read JSON without a type. If the JSON has an unexpected shape, the test fails, as it should.
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  {
    // The older Electron has only those calls of safeStorage that the current Electron deprecates.
    files: ['main/desktop/keyring.ts', 'test/e2e/stored.ts'],
    rules: { '@typescript-eslint/no-deprecated': 'off' },
  },
  { files: ['**/*.js', '**/*.cjs'], extends: [ts.configs.disableTypeChecked] },
);
