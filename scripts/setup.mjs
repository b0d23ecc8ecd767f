/*
 * Makes a checkout ready to run: `node scripts/setup.mjs`, and with `--native` also what has to be compiled for the tests.
 * Node and npm are all it needs. Where nothing has changed since the last time it takes a few milliseconds.
 */

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `This needs Node 20.19 or newer, and here is Node ${process.versions.node}: install a newer one from your package manager or with a version manager, then try again.`,
  )
  process.exitCode = 1
} else {
  // Imported late, so that an older Node reads nothing it does not understand.
  const { setUp } = await import('./setup/set-up.mjs')
  process.exitCode = await setUp({ native: process.argv.includes('--native') })
}
