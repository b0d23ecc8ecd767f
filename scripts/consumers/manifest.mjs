/** The other dependencies of the project, in the versions that are tested. */
const others = {
  '@nestjs/common': '11.2.10',
  '@nestjs/core': '11.2.10',
  '@nestjs/platform-express': '11.2.10',
  '@nestjs/testing': '11.2.6',
  '@types/node': '20.19.43',
  'fast-check': '4.10.2',
  hono: '4.13.19',
  jest: '30.5.2',
  libsql: '0.5.29',
  'reflect-metadata': '0.2.2',
  rxjs: '7.8.2',
  'ts-jest': '29.4.15',
  typescript: '5.9.3',
  vitest: '4.1.12',
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
