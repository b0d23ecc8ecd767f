import { tmpdir } from 'node:os'
import { runNpm } from '../lib/run.mjs'
import { readManifest, root } from '../lib/workspace.mjs'

const unreachable =
  /ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ERR_PNPM_META_FETCH_FAIL/

const pnpmArgs = () => [
  '--dir',
  root,
  'install',
  '--reporter=append-only',
  // Development dependencies too, whatever NODE_ENV says.
  '--prod=false',
  process.env['CI'] ? '--frozen-lockfile' : '--no-frozen-lockfile',
  // After an interrupted install, remove what it left without asking, and do not assume that it is complete.
  '--config.confirm-modules-purge=false',
  '--config.optimistic-repeat-install=false',
]

/** @param {string} output The output of pnpm, or of the npm that fetches it. */
const explain = (output) => {
  if (unreachable.test(output)) {
    return 'The package registry cannot be reached: check the network, a proxy, and `npm config get registry`, then try again.'
  }
  if (output.includes('ERR_PNPM_OUTDATED_LOCKFILE')) {
    return 'pnpm-lock.yaml does not match the package.json files, and is not updated while CI is set: run `npm start` without CI and commit the lockfile.'
  }
  return 'The dependencies could not be installed: see the output of pnpm above. Another attempt continues where this one stopped.'
}

/**
 * Installs the dependencies with the pnpm that package.json names, which npm fetches.
 *
 * @returns {Promise<boolean>} whether it worked
 */
export const install = async () => {
  console.log('Installing dependencies (the first time takes up to a minute)…')
  const { packageManager = 'pnpm' } = readManifest(root)
  const { code, output } = await runNpm(
    ['exec', '--yes', `--package=${packageManager}`, '--', 'pnpm', ...pnpmArgs()],
    {
      // In the checkout, npm would run the pnpm of node_modules, which may be half installed.
      cwd: tmpdir(),
      env: {
        npm_config_update_notifier: 'false',
        // Give up within half a minute if the registry does not answer.
        npm_config_fetch_retry_mintimeout: '2000',
        npm_config_fetch_retry_maxtimeout: '10000',
      },
      show: true,
    },
  )
  if (code !== 0) console.error(`\n${explain(output)}`)
  return code === 0
}
