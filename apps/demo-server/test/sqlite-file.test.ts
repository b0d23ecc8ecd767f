import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { openSqliteFile } from '../src/index.ts'

it('says what to do if the SQLite file cannot be written', async () => {
  // The folder of the file is a file itself.
  const path = fileURLToPath(new URL('sessions.db', `${import.meta.url}/`))

  await expect(openSqliteFile(path)).rejects.toThrow(
    /^Sessions cannot be stored in .*sessions\.db \(.+\): .* npm start -- --engine memory$/,
  )
})
