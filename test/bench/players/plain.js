/** Loops in plain JavaScript. */
import { plays } from '../plain/plays.js'
import { serve } from '../protocol.js'

await serve(`Node ${process.versions.node}`, (name, inputs) => plays[name](inputs))
