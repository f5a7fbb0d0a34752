import { dark, light, themeProperties } from './palette.js'

const serif = `'Iowan Old Style', 'Palatino Linotype', Palatino, P052, 'URW Palladio L', 'Book Antiqua', Georgia, serif`
const sans = `system-ui, 'Segoe UI', 'Helvetica Neue', 'Nimbus Sans', Arial, sans-serif`
const mono = `ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace`

/** The style sheet of the page. Paper is light, whatever the screen is. */
export const styleSheet = `
:root { color-scheme: light dark; ${themeProperties(light)} }
@media screen and (prefers-color-scheme: dark) { :root { ${themeProperties(dark)} } }
* { box-sizing: border-box }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100% }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.55 ${serif} }
main { max-width: 78rem; margin: 0 auto; padding: clamp(1.5rem, 5vw, 4rem) clamp(1rem, 4vw, 3rem) 4rem }
h1 { font-size: clamp(1.6rem, 1.2rem + 1.8vw, 2.4rem); font-weight: 500; line-height: 1.2; margin: 0 0 1rem; text-wrap: balance; overflow-wrap: anywhere }
.part { margin-top: 5rem; padding-top: 2rem; border-top: 3px double var(--hairline) }
h2 { font-size: 1.35rem; font-weight: 500; margin: 3.5rem 0 1rem; padding-top: .75rem; border-top: 1px solid var(--hairline) }
p { max-width: 42rem; margin: 0 0 .8rem; hyphens: auto; overflow-wrap: anywhere }
a { color: inherit; text-decoration-color: var(--quiet); text-underline-offset: .15em }
:focus-visible { outline: 2px solid var(--category-0); outline-offset: 2px }

.settings { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 10rem), 1fr)); gap: .5rem 2rem; margin: 1.75rem 0 0; padding: .9rem 0; border-block: 1px solid var(--hairline); font: .875rem/1.45 ${sans} }
.settings dt { color: var(--quiet) }
.settings dd { margin: 0; overflow-wrap: anywhere }

.figure { margin: 0 0 3.25rem }
.pictures { display: grid; gap: 1.5rem 1.75rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20.5rem), 1fr)) }
.strips .pictures { gap: 1.1rem 1.75rem }
.picture { min-width: 0; max-width: 32rem }
.single .picture { max-width: none }
@media (min-width: 68rem) { .single { display: grid; grid-template-columns: minmax(0, 49rem) minmax(14rem, 1fr); gap: 2rem; align-items: end } }
.picture h3 { font: 600 .875rem/1.3 ${sans}; margin: 0 0 .35rem; overflow-wrap: anywhere }
.picture svg { display: block; width: 100%; height: auto; font-family: ${sans} }
.picture svg text { white-space: pre; font-variant-numeric: tabular-nums; paint-order: stroke }
.for-narrow { display: none }
@media (max-width: 40rem) { .for-narrow { display: block } .for-wide { display: none } }
figcaption, .caption { font-size: .95rem; line-height: 1.45; text-align: left; max-width: 48rem; overflow-wrap: anywhere }
figcaption { margin-top: .9rem }
.caption { margin: 0 0 .8rem; hyphens: manual }

.scroll { overflow-x: auto }
.scroll + .caption { margin-top: 2.25rem }
table { border-collapse: collapse; font: .8125rem/1.4 ${sans} }
.results { width: 100%; border-bottom: 1.5px solid var(--ink) }
.results th, .results td { padding: .3rem .75rem .3rem 0; vertical-align: baseline; text-align: left }
.results th:last-child, .results td:last-child { padding-right: 0 }
.results thead th { border-top: 1.5px solid var(--ink); border-bottom: 1px solid var(--ink); font-weight: 600; vertical-align: bottom }
.results thead .number { text-align: right }
.results .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums lining-nums }
.results thead .number { white-space: normal }
.results tbody th { font-weight: 400; overflow-wrap: anywhere; min-width: 8rem }
.results tbody .short { white-space: nowrap; min-width: 0 }
.results tbody tr + tr > * { border-top: 1px solid var(--hairline) }
.results .group th { padding-top: .9rem; font: italic 1rem/1.3 ${serif} }
.results .expression { min-width: 12.5rem }
.results .group code { display: inline; font-style: normal }
.results .group span { white-space: normal }
code, pre { font-family: ${mono}; font-size: .75rem }
.expression code { display: block; overflow-wrap: anywhere }
.expression span { white-space: nowrap }

@media screen and (max-width: 44rem) {
  .results, .results tbody { display: block }
  .results thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
  .results tr { display: flex; flex-wrap: wrap; gap: .1rem .8rem; padding: .5rem 0; border-top: 1px solid var(--hairline) }
  .results tbody:first-of-type .group { border-top-color: var(--ink) }
  .results tbody tr > * { padding: 0; border: 0 }
  .results tbody tr + tr > * { border: 0 }
  .results tbody th, .results .expression { flex: 1 0 100%; min-width: 0 }
  .results tbody tr:not(.group) th { font-weight: 600 }
  .results tbody .number { text-align: left }
  .results tbody .group th { padding-top: .3rem }
  .results [data-head='decided by'] { order: 1 }
  .results .number::before, .results [data-head='decided by']::before { content: attr(data-head) ' '; color: var(--quiet) }
  .results [data-head='decided by'] code { display: inline }
  .results [data-head='decided by'] code + code::before { content: ', ' }
  .expression span { white-space: normal }
}

details { margin: 1rem 0 }
summary { cursor: pointer; font: .9375rem/1.4 ${sans} }
details p { margin: .6rem 0 }
pre { max-height: 34rem; margin: .6rem 0 0; padding: .9rem 1rem; overflow: auto; background: var(--tint); border: 1px solid var(--hairline); line-height: 1.45 }

@media print {
  @page { margin: 16mm 14mm }
  html { font-size: 8.5pt }
  main { max-width: none; padding: 0 }
  h2, h3, .caption, .group { break-after: avoid }
  .picture, tr { break-inside: avoid }
  .pictures { grid-template-columns: repeat(2, 1fr); gap: 4mm 8mm }
  .single .pictures { grid-template-columns: 1fr }
  .single .picture { max-width: 130mm; break-inside: avoid }
  figcaption { break-before: avoid }
  .scroll { overflow: visible }
  table { font-size: 7pt }
  .results .expression { min-width: 0 }
  .results th, .results td { padding-right: 2mm }
  code, pre { font-size: 6.5pt }
  details:not([open]) { display: none }
}
`
