import { type Html, html } from './html.js'

/** One picture of a figure with its heading, which may be empty. */
export interface FigurePart {
  readonly heading: string
  readonly picture: Html
}

/** A numbered figure: pictures side by side as far as there is room, and a caption. */
export const renderFigure = (
  number: number,
  layout: 'panels' | 'strips' | 'single',
  parts: ReadonlyArray<FigurePart>,
  caption: Html,
): Html => html`<figure class="figure ${layout}" id="figure-${number}">
<div class="pictures">
${parts.map(({ heading, picture }) =>
  heading === ''
    ? html`<div class="picture">${picture}</div>\n`
    : html`<div class="picture"><h3>${heading}</h3>${picture}</div>\n`,
)}</div>
<figcaption><b>Figure ${number}.</b> ${caption}</figcaption>
</figure>`
