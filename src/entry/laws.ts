/**
 * steplaw/laws
 *
 * @module steplaw/laws
 */
export {}
