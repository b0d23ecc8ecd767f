import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../lib/run.mjs'

const lock = join(tmpdir(), 'sessions-apt.lock')

/**
 * Under the lock, because several servers may be installed at once: fetches the lists of packages once an hour, and
 * installs without starting what it installs. Debian's packages ask policy-rc.d whether they may start it.
 */
const script = `
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  trap 'rm -f $policy' EXIT
  trap 'exit 1' HUP INT TERM
  printf '#!/bin/sh\\nexit 101\\n' > $policy
  chmod 755 $policy
fi
if [ -z "$(find ${lock}.updated -mmin -60 2>/dev/null)" ]; then
  apt-get update -qq && touch ${lock}.updated
fi
apt-get install --yes --no-install-recommends --option=DPkg::Lock::Timeout=300 \\
  --option=Dpkg::Options::=--force-confold "$@"
`

/**
 * Installs packages of Debian, without starting any service.
 *
 * @param packages Their names.
 * @param otherwise What the error says where that is not possible.
 * @throws {Error} when this is not Debian, or the process is not root, or the packages cannot be installed.
 */
export async function installDebian(packages: readonly string[], otherwise: string): Promise<void> {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) throw new Error(otherwise)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { code, output } = await run('flock', [lock, '/bin/sh', '-c', script, 'sh', ...packages], {
    env,
  })
  if (code !== 0) throw new Error(`${otherwise}\n${output.trimEnd()}`)
}
