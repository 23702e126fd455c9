import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import typescript from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const domGlobals = ['window', 'document', 'localStorage', 'sessionStorage', 'history', 'HTMLElement'];
const withoutDom = {
  'no-restricted-globals': ['error', ...domGlobals.map((name) => ({ name, message: 'This folder has no DOM.' }))],
};

export default typescript.config(
  { ignores: ['node_modules/', 'src/protocol/schema.d.ts'] },
  js.configs.recommended,
  ...typescript.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-undef': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'svelte/no-at-html-tags': 'error',
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: typescript.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
  },
  { files: ['scripts/**', '*.config.*'], rules: { 'no-console': 'off' } },
  {
    files: ['src/protocol/**'],
    rules: {
      ...withoutDom,
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['../*'], message: 'protocol/ imports nothing of ours.' }] },
      ],
    },
  },
  {
    files: ['src/docs/**', 'src/call/**'],
    rules: {
      ...withoutDom,
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['**/views/**', '**/parts/**', '**/*.svelte'], message: 'docs/ and call/ know no views.' },
          ],
        },
      ],
    },
  },
);
