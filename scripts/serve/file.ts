import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ServedEngine } from './engines.ts'

/** Opens the file engine over the directory at the URL or path, or over a temporary one. */
export async function openFiles(url: string | undefined): Promise<ServedEngine> {
  const { fileEngine } = await import('../../packages/engines/file/src/index.ts')
  if (url !== undefined) {
    return { engine: fileEngine({ directory: url.startsWith('file:') ? fileURLToPath(url) : url }) }
  }
  const directory = mkdtempSync(join(tmpdir(), 'sessions-'))
  return {
    engine: fileEngine({ directory }),
    close: () => rmSync(directory, { recursive: true, force: true }),
  }
}
