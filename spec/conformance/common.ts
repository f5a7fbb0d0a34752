import * as t from 'io-ts'
import { nonNegative } from '../vocabulary/field.js'
import { type Json, json } from '../vocabulary/json.js'
import { codecs, number, record, type Shape, text } from '../vocabulary/shape.js'

const outputs: Shape<{ readonly [output: string]: Json }> = {
  codec: t.readonly(t.record(t.string, json)),
  schema: { type: 'object' },
}

/** What every case has, whatever its kind (the standard, chapter Case files). */
export const commonShapes = {
  id: text,
  clause: text,
  expect: outputs,
  tolerance: record('tolerance', { relative: number(nonNegative()), absolute: number(nonNegative()) }),
  provenance: text,
}

/** The codecs of what every case has. */
export const common = codecs(commonShapes)
