import type { Section } from './section.ts'

/** The parts of the benchmark by name, in the order in which they run. Loaded only when asked for. */
export const sections: Readonly<Record<string, () => Promise<Section>>> = {
  'in-process': async () => (await import('./in-process/section.ts')).inProcess,
}
