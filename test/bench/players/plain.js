/** Loops in plain JavaScript. */
import { inputs } from '../inputs.js'
import { plays } from '../plain/plays.js'
import { serve } from '../protocol.js'

await serve(`Node ${process.versions.node}`, (name) => plays[name](inputs[name]()))
