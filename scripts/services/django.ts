import { run } from '../lib/run.mjs'
import { installDebian } from './debian.ts'

const packages = ['python3-django', 'python3-psycopg2', 'python3-mysqldb']

/**
 * A Python that has Django and its drivers for PostgreSQL and MySQL: the one that `SESSIONS_DJANGO_PYTHON` names, or one
 * that is there, or Debian's.
 *
 * @throws {Error} when there is none, with a sentence that says what to install.
 */
export async function djangoPython(): Promise<string> {
  const named = process.env['SESSIONS_DJANGO_PYTHON']
  const candidates = named ? [named] : ['python3', '/usr/bin/python3']
  const found = await firstWithDjango(candidates)
  if (found !== undefined) return found
  const remedy = `Django is needed and not there: install it (Debian's packages are ${packages.join(', ')}), or name a Python that has it in SESSIONS_DJANGO_PYTHON.`
  if (named) throw new Error(remedy)
  await installDebian(packages, remedy)
  const installed = await firstWithDjango(candidates)
  if (installed === undefined) throw new Error(remedy)
  return installed
}

async function firstWithDjango(candidates: readonly string[]): Promise<string | undefined> {
  for (const python of candidates) {
    const test = run(python, ['-c', 'import django, psycopg2, MySQLdb'])
    const { code } = await test.catch(() => ({ code: 1 }))
    if (code === 0) return python
  }
  return undefined
}
