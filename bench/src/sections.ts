import type { Section } from './section.ts'

/** The sections by name, in the order in which they run. Each is imported only when it runs. */
export const sections: Readonly<Record<string, () => Promise<Section>>> = {
  http: async () => (await import('./http/section.ts')).http,
  correctness: async () => (await import('./correctness/section.ts')).correctness,
  engines: async () => (await import('./engines/section.ts')).engines,
  'in-process': async () => (await import('./in-process/section.ts')).inProcess,
  growth: async () => (await import('./growth/section.ts')).growth,
}
