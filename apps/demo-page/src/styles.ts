import { readFileSync } from 'node:fs'

/** The stylesheet of the page. */
export const styles: string = readFileSync(new URL('../style.css', import.meta.url), 'utf8')
