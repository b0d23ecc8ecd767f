import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defaultServerConditions } from 'vite'
import { defaultExclude, defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import type { Need } from './scripts/services/vitest-setup.ts'

const folders = (parent: string): string[] =>
  readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${parent}/${entry.name}`)

const serviceSetup = fileURLToPath(new URL('scripts/services/vitest-setup.ts', import.meta.url))

/** Every workspace folder is a project of one shape: sources across packages, no build before tests. */
const projects = [
  'packages/core',
  'packages/testing',
  ...folders('packages/engines'),
  ...folders('packages/adapters'),
  ...folders('apps'),
  'bench',
]

/** The servers that the tests of a project need: those of the environment, or private ones. */
const needs: Readonly<Record<string, readonly Need[]>> = {
  'packages/engines/cached-db': ['redis', 'memcached', 'postgres'],
  'packages/engines/db': ['postgres', 'mysql', 'django'],
  'packages/engines/memcached': ['memcached'],
  'packages/engines/redis': ['redis', 'redis-cluster', 'redis-sentinel'],
}

/** What a project needs besides: a browser has to be found or installed. */
const peculiar: Readonly<Record<string, TestProjectInlineConfiguration['test']>> = {
  'apps/e2e': {
    globalSetup: fileURLToPath(new URL('apps/e2e/chromium-setup.ts', import.meta.url)),
  },
}

const project = (root: string, name = root): TestProjectInlineConfiguration => ({
  extends: true,
  root,
  test: {
    name,
    include: ['test/**/*.test.ts'],
    ...(needs[root] && { globalSetup: serviceSetup, provide: { needs: needs[root] } }),
    ...peculiar[root],
  },
})

/** The tests of a package once more, on the platform that is not Node's. */
const portable = (root: string): TestProjectInlineConfiguration => ({
  ...project(root, `${root}:portable`),
  resolve: {
    alias: {
      '@sessions/core/platform': fileURLToPath(
        new URL('packages/core/src/platform/portable.ts', import.meta.url),
      ),
    },
  },
})

/** The tests of the Nest adapter once more, on a Nest that it is not installed with. */
const onNest = (version: string, exclude: string[] = []): TestProjectInlineConfiguration => {
  const { test, ...rest } = project(
    'packages/adapters/nestjs',
    `packages/adapters/nestjs:nest${version}`,
  )
  const installed = `packages/adapters/nestjs/test/nest${version}/node_modules/@nestjs/`
  const replacement = fileURLToPath(new URL(installed, import.meta.url))
  return {
    ...rest,
    test: { ...test, exclude: [...exclude, ...defaultExclude] },
    resolve: { alias: [{ find: /^@nestjs\//, replacement }] },
  }
}

export default defineConfig({
  // `resolve.conditions` alone does not reach tests that run in Node.
  ssr: { resolve: { conditions: ['@sessions/source', ...defaultServerConditions] } },
  test: {
    // No test waits for time to pass; a machine that has other things to do may still need some.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    reporters: ['default', fileURLToPath(new URL('scripts/adapter-table.ts', import.meta.url))],
    projects: [
      ...projects.map((root) => project(root)),
      portable('packages/core'),
      portable('packages/engines/signed-cookies'),
      // What is found by ten thousand requests is found on the newest.
      onNest('11.0', ['test/many-requests.test.ts']),
      onNest('12'),
    ],
  },
})
