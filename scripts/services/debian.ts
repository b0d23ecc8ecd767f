import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { run } from '../lib/run.mjs'

const apt = '/usr/bin/apt-get'

/** Debian's packages ask it whether they may start what they bring. */
const policy = '/usr/sbin/policy-rc.d'

const quiet = {
  ...process.env,
  DEBIAN_FRONTEND: 'noninteractive',
  // What is installed is not to be started: the tests start servers of their own.
  RUNLEVEL: '1',
}

let updated: Promise<unknown> | undefined

/**
 * Installs packages of Debian, without starting any service.
 *
 * @param packages Their names.
 * @param otherwise What the error says where that is not possible.
 * @throws {Error} when this is not Debian, or the process is not root, or the packages cannot be installed.
 */
export async function installDebian(packages: readonly string[], otherwise: string): Promise<void> {
  if (process.getuid?.() !== 0 || !existsSync(apt)) throw new Error(otherwise)
  updated ??= run(apt, ['update', '-qq'], { env: quiet })
  await updated
  const forbids = !existsSync(policy)
  if (forbids) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    const { code, output } = await run(
      apt,
      [
        'install',
        '--yes',
        '--no-install-recommends',
        // Another installation may be running.
        '--option=DPkg::Lock::Timeout=300',
        '--option=Dpkg::Options::=--force-confold',
        ...packages,
      ],
      { env: quiet },
    )
    if (code !== 0) throw new Error(`${otherwise}\n${output.trimEnd()}`)
  } finally {
    if (forbids) rmSync(policy, { force: true })
  }
}
