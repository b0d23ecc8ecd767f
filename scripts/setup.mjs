/*
 * Sets a checkout up: `node scripts/setup.mjs` installs the dependencies, and `--native` also compiles what the tests need.
 * Requires only Node and npm. Takes a few milliseconds if nothing has changed since the last time.
 */

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Node 20.19 or newer is required, and this is Node ${process.versions.node}: install a newer one with your package manager or a version manager, then try again.`,
  )
  process.exitCode = 1
} else {
  // Imported dynamically, so that an older Node does not fail on syntax it does not know.
  const { setUp } = await import('./setup/set-up.mjs')
  process.exitCode = await setUp({ native: process.argv.includes('--native') })
}
