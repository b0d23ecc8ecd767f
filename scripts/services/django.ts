import { run } from '../lib/run.mjs'
import { installDebian } from './debian.ts'

const packages = ['python3-django', 'python3-psycopg2', 'python3-mysqldb']

/**
 * Finds a Python with Django and its drivers for PostgreSQL and MySQL: the one in `SESSIONS_DJANGO_PYTHON`, or an installed
 * one, or Debian's, which it installs.
 *
 * @returns the name or path of the Python program
 * @throws {Error} if there is none; the message says what to install.
 */
export async function djangoPython(): Promise<string> {
  const named = process.env['SESSIONS_DJANGO_PYTHON']
  const candidates = named ? [named] : ['python3', '/usr/bin/python3']
  const found = await firstWithDjango(candidates)
  if (found !== undefined) return found
  const remedy = `Django was not found: install it (the Debian packages are ${packages.join(', ')}), or set SESSIONS_DJANGO_PYTHON to a Python that has it.`
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
