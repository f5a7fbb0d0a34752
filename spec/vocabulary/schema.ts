import { describe, type Field, scalarSchema } from './field.js'
import type { Json } from './json.js'
import type { Row, Rows } from './row.js'

type Schema = { readonly [key: string]: Json }

/** The JSON Schema (draft 2020-12) of a vocabulary, one `$defs` entry per tag. */
export const vocabularySchema = (tagKey: string, title: string, rows: Rows): Schema => {
  const self = { $ref: '#' }
  const fieldSchema = (f: Field): Schema => {
    if (f.field === 'operand') return self
    if (f.field === 'operands') return { type: 'array', items: self, minItems: 1 }
    return { description: describe(f), ...scalarSchema(f) }
  }
  const tagSchema = (tag: string, row: Row): Schema => ({
    type: 'object',
    properties: {
      [tagKey]: { const: tag },
      ...Object.fromEntries(Object.entries(row).map(([key, f]) => [key, fieldSchema(f)])),
    },
    required: [tagKey, ...Object.entries(row).flatMap(([key, f]) => (f.default === undefined ? [key] : []))],
    additionalProperties: false,
  })
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title,
    oneOf: Object.keys(rows).map((tag) => ({ $ref: `#/$defs/${tag}` })),
    $defs: Object.fromEntries(Object.entries(rows).map(([tag, row]) => [tag, tagSchema(tag, row)])),
  }
}
