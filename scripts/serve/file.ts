import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ServedEngine } from './engines.ts'

/** Files in a directory: the one that the URL or path names, or a private one that goes with the server. */
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
