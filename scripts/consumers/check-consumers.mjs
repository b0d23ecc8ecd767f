/*
 * Installs the packed packages into an empty project, as a user would, and uses them there: from an ES module, from
 * CommonJS, under Jest in CommonJS, in NestJS under ts-jest, with the published engine suite under Vitest, and from
 * TypeScript under every module resolution.
 */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tarballs } from '../lib/packed.mjs'
import { run, runNpm } from '../lib/run.mjs'
import { runTool } from '../lib/tools.mjs'
import { root } from '../lib/workspace.mjs'
import { compilations } from './compilations.mjs'
import { manifest } from './manifest.mjs'

const project = mkdtempSync(join(tmpdir(), 'sessions-consumers-'))

/** @param {string} path @param {...string} args */
const node = (path, ...args) =>
  run(process.execPath, [join(project, path), ...args], { cwd: project })

const install = () =>
  runNpm(['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: project,
  })

const jest = () =>
  node('node_modules/jest/bin/jest.js', '--rootDir', project, '--testMatch', '**/*.jest.cjs')

/** Jest as `nest new` configured it before Nest 12. */
const nest = () =>
  node('node_modules/jest/bin/jest.js', '--config', join(project, 'nest', 'package.json'))

const vitest = () =>
  node('node_modules/vitest/vitest.mjs', 'run', '--root', project, '--exclude', 'nest/**')

/**
 * Compiles with the project's TypeScript, which is 5, or with the repository's.
 *
 * @param {string} typescript
 * @param {string} config
 */
const compile = (typescript, config) =>
  typescript === 'TypeScript 5'
    ? node('node_modules/typescript/bin/tsc', '-p', config)
    : runTool('tsc6', ['-p', config], { cwd: project })

/** @type {[string, () => Promise<import('../lib/run.mjs').Outcome>][]} */
const consumers = [
  ['an ES module', () => node('esm.mjs')],
  ['CommonJS', () => node('commonjs.cjs')],
  ['Jest in CommonJS', jest],
  ['NestJS in CommonJS under ts-jest', nest],
  ['the engine suite under Vitest', vitest],
  ...compilations(project).map(
    ({ typescript, name, config }) =>
      /** @type {[string, () => Promise<import('../lib/run.mjs').Outcome>]} */ ([
        name,
        () => compile(typescript, config),
      ]),
  ),
]

const check = async () => {
  cpSync(join(root, 'scripts', 'consumers', 'project'), project, { recursive: true })
  // The same program as an ES module.
  cpSync(join(project, 'types.ts'), join(project, 'types.mts'))
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest(tarballs()), undefined, 2))
  const { code, output } = await install()
  if (code !== 0) {
    console.log(`The packed packages cannot be installed:\n${output}`)
    return 1
  }
  let failures = 0
  for (const [name, consume] of consumers) {
    const outcome = await consume()
    if (outcome.code === 0) continue
    failures += 1
    console.log(`From ${name}:\n${outcome.output}`)
  }
  return failures === 0 ? 0 : 1
}

try {
  process.exitCode = await check()
} finally {
  rmSync(project, { recursive: true, force: true })
}
