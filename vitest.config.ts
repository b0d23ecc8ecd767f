import { readdirSync } from 'node:fs'
import { defaultServerConditions } from 'vite'
import { defineConfig } from 'vitest/config'

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

export default defineConfig({
  // `resolve.conditions` alone does not reach tests that run in Node.
  ssr: { resolve: { conditions: ['@sessions/source', ...defaultServerConditions] } },
  test: {
    projects: projects.map((root) => ({
      extends: true,
      root,
      test: { name: root, include: ['test/**/*.test.ts'] },
    })),
  },
})
