import { createHash } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from '../lib/workspace.mjs'

// Outside node_modules, which an install may remove.
const file = join(
  tmpdir(),
  `sessions-setup-${createHash('sha256').update(root).digest('hex').slice(0, 16)}.lock`,
)

/** @param {number} pid */
const isAlive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Another user's process.
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}

const tryLock = () => {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
    return false
  }
}

/** Removes the lock if the process that holds it was killed; otherwise returns the id of that process. */
const dropStaleLock = () => {
  try {
    const holder = readFileSync(file, 'utf8')
    const isNew = Date.now() - statSync(file).mtimeMs < 1000
    if (isNew || (Number(holder) > 0 && isAlive(Number(holder)))) return holder
    // Moved away first: another process may have replaced the lock in the meantime, and gets its own back.
    const moved = `${file}.${process.pid}`
    renameSync(file, moved)
    try {
      if (readFileSync(moved, 'utf8') !== holder) linkSync(moved, file)
    } finally {
      rmSync(moved)
    }
  } catch {
    // Released in the meantime.
  }
  return undefined
}

/**
 * Waits until no other setup runs in this checkout, then locks it: `npm start` and `npm test` may be started concurrently.
 *
 * @returns {Promise<() => void>} a function that releases the lock
 */
export const holdLock = async () => {
  let announced = false
  while (!tryLock()) {
    const holder = dropStaleLock()
    if (holder && !announced) {
      console.log(
        `Waiting for another setup of this checkout, process ${holder}, to end (${file})…`,
      )
      announced = true
    }
    await sleep(200)
  }
  return () => rmSync(file, { force: true })
}
