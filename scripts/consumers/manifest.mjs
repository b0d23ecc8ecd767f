import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../lib/workspace.mjs'

const workspace = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')

/**
 * Dependencies in the versions of a catalog, with which the packages are tested.
 *
 * @param {string} catalog
 * @param {...string} names
 */
const tested = (catalog, ...names) =>
  Object.fromEntries(
    names.map((name) => {
      const [, list = ''] = workspace.split(`${catalog}:\n`)
      const version = new RegExp(`^ +'?${name}'?: (.+)$`, 'm').exec(list)?.[1]
      if (version === undefined) throw new Error(`${name} is in no catalog ${catalog}.`)
      return [name, version]
    }),
  )

/** The other dependencies of the project. */
const others = {
  ...tested('catalog', '@types/node', 'fast-check', 'hono', 'libsql', 'vitest'),
  ...tested('nest11', '@nestjs/common', '@nestjs/core', '@nestjs/platform-express'),
  ...tested('nest11', '@nestjs/testing'),
  jest: '30.5.2',
  'reflect-metadata': '0.2.2',
  rxjs: '7.8.2',
  'ts-jest': '29.4.15',
  typescript: '5.9.3',
}

/**
 * The package.json of a project that depends on the packed packages.
 *
 * @param {readonly { name: string, file: string }[]} packed
 */
export const manifest = (packed) => ({
  name: 'consumers',
  private: true,
  dependencies: {
    ...others,
    ...Object.fromEntries(packed.map(({ name, file }) => [name, `file:${file}`])),
  },
})
