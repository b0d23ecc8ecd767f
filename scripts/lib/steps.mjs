import { availableParallelism } from 'node:os'

/**
 * A check of `npm run check`.
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {() => Promise<import('./run.mjs').Outcome>} run
 * @property {readonly string[]} [needs] The steps that must have passed before it starts.
 * @property {boolean} [first] Whether it starts before others, because later steps need it or because it takes long.
 */

/**
 * How a step ended.
 *
 * @typedef {object} Report
 * @property {'passed' | 'failed' | 'skipped'} status
 * @property {string} output
 * @property {number} seconds
 */

/**
 * The named steps, and those that they need.
 *
 * @param {readonly Step[]} steps
 * @param {readonly string[]} names
 * @returns {Step[]}
 */
export const withNeeds = (steps, names) => {
  const wanted = new Set(names)
  // A step comes after those it needs, so one pass from the end finds all.
  for (const { name, needs = [] } of steps.toReversed()) {
    if (wanted.has(name)) for (const need of needs) wanted.add(need)
  }
  return steps.filter(({ name }) => wanted.has(name))
}

/** @param {Pick<Step, 'run'>} step @returns {Promise<Report>} */
const perform = async (step) => {
  const start = performance.now()
  const { code, output } = await step.run()
  const seconds = (performance.now() - start) / 1000
  return { status: code === 0 ? 'passed' : 'failed', output, seconds }
}

const marks = { passed: '✓', failed: '✗', skipped: '-' }

/** @param {Step} step @param {Report} report */
const print = ({ name, needs = [] }, { status, output, seconds }) => {
  const note = status === 'skipped' ? `needs ${needs.join(', ')}` : `${seconds.toFixed(1)} s`
  console.log(`${marks[status]} ${name.padEnd(12)} ${note}`)
  if (status === 'failed') console.log(`\n${output.trimEnd()}\n`)
}

/** Limits concurrency to the number of processors; urgent steps go first. */
const createSlots = () => {
  let free = availableParallelism()
  /** @type {(() => void)[]} */
  const waiting = []
  return {
    /** @param {boolean} urgent */
    take: async (urgent) => {
      if (free > 0) free -= 1
      else await new Promise((go) => waiting[urgent ? 'unshift' : 'push'](() => go(undefined)))
    },
    release: () => {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    },
  }
}

/**
 * Runs steps concurrently and prints their results in the given order.
 *
 * @param {readonly Step[]} steps
 * @returns {Promise<number>} the exit code
 */
export const runSteps = async (steps) => {
  const started = performance.now()
  const slots = createSlots()
  /** @type {Map<string, Promise<Report>>} */
  const tasks = new Map()

  /** @param {Step} step @returns {Promise<Report>} */
  const start = async ({ needs = [], first = false, ...step }) => {
    for (const name of needs) {
      const report = await tasks.get(name)
      if (report?.status !== 'passed') return { status: 'skipped', output: '', seconds: 0 }
    }
    await slots.take(first)
    return perform(step).finally(slots.release)
  }

  for (const step of steps) tasks.set(step.name, start(step))
  const notPassed = []
  for (const step of steps) {
    const report = await tasks.get(step.name)
    if (report === undefined) continue
    print(step, report)
    if (report.status !== 'passed') notPassed.push(step.name)
  }

  const time = `${((performance.now() - started) / 1000).toFixed(0)} s`
  if (notPassed.length === 0) console.log(`\nAll ${steps.length} steps passed in ${time}.`)
  else
    console.log(
      `\n${notPassed.length} of ${steps.length} did not pass: ${notPassed.join(', ')} (${time}).`,
    )
  return notPassed.length === 0 ? 0 : 1
}
