import type { Html } from '../../../src/cli/report/html.js'

/** A figure under its number in the report. */
export type Figure = (number: number) => Html
