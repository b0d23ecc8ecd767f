/*
 * Runs every check besides the tests: `npm run check`, or some of them: `npm run check -- --only lint,types`. Prints a line
 * for each step, followed by the output of the step if it failed.
 */
import { parseArgs } from 'node:util'
import { runSteps, withNeeds } from './lib/steps.mjs'
import { inTurn, runScript, runTool } from './lib/tools.mjs'

/** @type {import('./lib/steps.mjs').Step[]} */
const steps = [
  { name: 'format', run: () => runTool('oxfmt', ['--check', '.']) },
  { name: 'lint', run: () => runTool('oxlint') },
  { name: 'types', run: () => runScript('scripts/check-types.mjs') },
  {
    name: 'dead-code',
    run: () => inTurn([() => runTool('knip'), () => runTool('knip', ['--production'])]),
  },
  { name: 'versions', run: () => runTool('sherif') },
  { name: 'boundaries', run: () => runScript('scripts/check-boundaries.mjs') },
  { name: 'purity', run: () => runScript('scripts/check-purity.mjs') },
  { name: 'snippets', run: () => runScript('scripts/check-snippets.ts') },
  { name: 'build', first: true, run: () => runScript('scripts/build.mjs') },
  { name: 'pack', first: true, needs: ['build'], run: () => runScript('scripts/pack.mjs') },
  { name: 'exports', needs: ['pack'], run: () => runScript('scripts/check-exports.mjs') },
  {
    name: 'consumers',
    first: true,
    needs: ['pack'],
    run: () => runScript('scripts/consumers/check-consumers.mjs'),
  },
]

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } })
const only = (values.only ?? []).flatMap((list) => list.split(','))
const unknown = only.filter((name) => !steps.some((step) => step.name === name))

if (unknown.length > 0) {
  console.error(
    `Unknown value for --only: ${unknown.join(', ')}. Choose from: ${steps.map(({ name }) => name).join(', ')}.`,
  )
  process.exitCode = 1
} else {
  process.exitCode = await runSteps(only.length === 0 ? steps : withNeeds(steps, only))
}
