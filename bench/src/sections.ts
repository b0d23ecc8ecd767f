import type { Section } from './section.ts'

/** The parts of the benchmark by name, in the order in which they run. Loaded only when asked for. */
export const sections: Readonly<Record<string, () => Promise<Section>>> = {
  http: async () => (await import('./http/section.ts')).http,
  correctness: async () => (await import('./correctness/section.ts')).correctness,
  engines: async () => (await import('./engines/section.ts')).engines,
  'in-process': async () => (await import('./in-process/section.ts')).inProcess,
  growth: async () => (await import('./growth/section.ts')).growth,
}
