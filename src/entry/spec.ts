/**
 * steplaw/spec
 *
 * @module steplaw/spec
 */
export {}
