import { describe, expect, it } from 'vitest'
import { lifeOf, type Life, type Owner } from '../src/owner.ts'

/** Where a process runs. */
type Where = Pick<Owner, 'boot' | 'space'>

const host: Where = { boot: 'b', space: 'pid:[4026531836]' }
const beforeRestart: Where = { ...host, boot: 'a' }
/** Docker's containers have the host's boot id. */
const docker: Where = { ...host, space: 'pid:[4026532201]' }
const docker2: Where = { ...host, space: 'pid:[4026532301]' }
/** Containers of LXC and systemd-nspawn have a boot id each. */
const lxc: Where = { boot: 'c', space: 'pid:[4026532401]' }
const lxc2: Where = { boot: 'd', space: 'pid:[4026532501]' }
/** Neither macOS nor Windows has /proc. */
const mac: Where = { boot: '', space: '' }

const STARTED = '100'

const cases: Readonly<
  Record<
    string,
    readonly [
      owner: Where & Partial<Pick<Owner, 'start'>>,
      self: Where,
      seen: string | undefined,
      life: Life,
    ]
  >
> = {
  'that runs': [host, host, STARTED, 'alive'],
  'that runs in the same container': [docker, docker, STARTED, 'alive'],
  'that has ended': [host, host, undefined, 'dead'],
  'whose ids have been reused': [host, host, '200', 'dead'],
  'that /proc hides': [host, host, '', 'unknown'],
  'that could not tell when it started': [{ ...host, start: '' }, host, STARTED, 'unknown'],
  'from before the machine was restarted': [beforeRestart, host, undefined, 'dead'],
  'from before a restart, whose ids have been reused': [beforeRestart, host, '200', 'dead'],
  'from before a restart, with the same ids and start': [beforeRestart, host, STARTED, 'unknown'],
  'from before its container was restarted': [docker, docker, '200', 'dead'],
  'from before its container was restarted elsewhere': [docker, docker2, STARTED, 'unknown'],
  'from before its LXC was restarted': [lxc, { ...lxc, boot: 'e' }, '200', 'dead'],
  'from before its LXC was restarted elsewhere': [lxc, lxc2, '200', 'unknown'],
  'in another container': [docker, docker2, undefined, 'unknown'],
  'in another container, whose ids are in use here': [docker, docker2, '200', 'unknown'],
  'in another LXC': [lxc, lxc2, undefined, 'unknown'],
  'in an LXC that shares the PID namespace': [{ ...host, boot: 'c' }, host, STARTED, 'unknown'],
  'in a container, seen from outside': [lxc, host, undefined, 'unknown'],
  'outside, seen from a container': [host, docker, undefined, 'unknown'],
  'in a container, seen from the Mac that runs it': [docker, mac, undefined, 'unknown'],
  'on a Mac, seen from a container': [mac, docker, undefined, 'unknown'],
  'that may run, without /proc': [mac, mac, '', 'unknown'],
  'that has ended, without /proc': [mac, mac, undefined, 'dead'],
  'that is this thread, without /proc': [mac, mac, STARTED, 'alive'],
}

describe('lifeOf', () => {
  it.each(Object.entries(cases))('an owner %s', (_, [owner, self, seen, life]) => {
    const numbers = { pid: 7, thread: 7 }
    expect(
      lifeOf({ ...numbers, start: STARTED, ...owner }, { ...numbers, ...self, start: '300' }, seen),
    ).toBe(life)
  })
})
