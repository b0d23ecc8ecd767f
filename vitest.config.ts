import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defaultServerConditions } from 'vite'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

const folders = (parent: string): string[] =>
  readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${parent}/${entry.name}`)

/** Every workspace folder is a project of one shape: sources across packages, no build before tests. */
const projects = [
  'packages/core',
  'packages/testing',
  ...folders('packages/engines'),
  ...folders('packages/adapters'),
  ...folders('apps'),
]

const project = (root: string, name = root): TestProjectInlineConfiguration => ({
  extends: true,
  root,
  test: { name, include: ['test/**/*.test.ts'] },
})

/** The tests of core once more, on the platform that is not Node's. */
const portableCore: TestProjectInlineConfiguration = {
  ...project('packages/core', 'packages/core:portable'),
  resolve: {
    alias: {
      '@sessions/core/platform': fileURLToPath(
        new URL('packages/core/src/platform/portable.ts', import.meta.url),
      ),
    },
  },
}

export default defineConfig({
  // `resolve.conditions` alone does not reach tests that run in Node.
  ssr: { resolve: { conditions: ['@sessions/source', ...defaultServerConditions] } },
  test: {
    projects: [...projects.map((root) => project(root)), portableCore],
  },
})
