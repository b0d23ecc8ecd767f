import express5, { type Express } from 'express'
import express4 from 'express4'

/** Both major versions of Express, by name. */
export const expresses: Readonly<Record<string, () => Express>> = {
  'Express 4': express4,
  'Express 5': express5,
}
