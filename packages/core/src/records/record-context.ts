import type { EngineCalls } from '../engine/engine-calls.ts'
import type { Report } from '../events.ts'
import type { SessionIds } from '../session/session-key.ts'
import type { ResolvedSettings } from '../settings/settings.ts'
import type { RecordFormat } from './record-format.ts'

/** What the classes that read and write records share. */
export interface RecordContext {
  readonly settings: ResolvedSettings
  readonly ids: SessionIds
  readonly engine: EngineCalls
  readonly format: RecordFormat
  readonly report: Report
}
