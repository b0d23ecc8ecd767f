import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../lib/run.mjs'

const lock = join(tmpdir(), 'sessions-apt.lock')

/** A line of our policy-rc.d: a run that was killed leaves the file behind, and the next one removes it. */
const mark = '# Written while servers for the tests of sessions are installed.'

/**
 * Runs under the lock, since several servers may be installed concurrently. Updates the package lists at most once an hour,
 * and installs without starting services: Debian packages ask policy-rc.d whether they may.
 */
const script = `
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ] || grep -qxF '${mark}' $policy; then
  trap 'rm -f $policy' EXIT
  trap 'exit 1' HUP INT TERM
  printf '#!/bin/sh\\n%s\\nexit 101\\n' '${mark}' > $policy
  chmod 755 $policy
fi
if [ -z "$(find ${lock}.updated -mmin -60 2>/dev/null)" ]; then
  apt-get update -qq && touch ${lock}.updated
fi
apt-get install --yes --no-install-recommends --option=DPkg::Lock::Timeout=300 \\
  --option=Dpkg::Options::=--force-confold "$@"
`

/**
 * Installs Debian packages, without starting any service.
 *
 * @param packages Their names.
 * @param otherwise The message of the error if that is not possible.
 * @throws {Error} if this is not Debian, the process is not root, or the installation fails.
 */
export async function installDebian(packages: readonly string[], otherwise: string): Promise<void> {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) throw new Error(otherwise)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { code, output } = await run('flock', [lock, '/bin/sh', '-c', script, 'sh', ...packages], {
    env,
  })
  if (code !== 0) throw new Error(`${otherwise}\n${output.trimEnd()}`)
}
