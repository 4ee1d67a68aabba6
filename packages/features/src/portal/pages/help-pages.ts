import { html } from '../html.js';
import { badNote, portalPath, type Page, type Visit } from './page.js';

export interface HelpPageInput {
  readonly mac: string | undefined;
  readonly router: string | undefined;
}

export function helpPage(visit: Visit, { mac, router }: HelpPageInput): Page {
  const words = visit.words.help;
  const body = html`<h1>${words.title}</h1>
    ${words.questions.map(
      ({ question, answer }) =>
        html`<details>
          <summary>${question}</summary>
          <p>${answer}</p>
        </details>`,
    )}
    ${visit.contact !== '' && html`<p class="note help">${words.contact(visit.contact)}</p>`}
    ${mac !== undefined && html`<p class="soft">${words.yourDevice} <span class="code">${mac}</span></p>`}
    ${router !== undefined && html`<p class="soft">${words.router} ${router}</p>`}`;
  return { title: words.title, body };
}

export function termsPage(visit: Visit): Page {
  const { title, paragraphs } = visit.words.conditions;
  return {
    title,
    body: html`<h1>${title}</h1>
      ${paragraphs.map((text) => html`<p>${text}</p>`)}`,
  };
}

/** One thing that went wrong, and the way on. */
export function problemPage(visit: Visit, input: { title?: string; text: string }): Page {
  const { title, back } = visit.words.problems;
  const body = html`<h1>${input.title ?? title}</h1>
    ${badNote(input.text)}
    <div class="actions"><a class="button" href="${portalPath(visit, '')}">${back}</a></div>`;
  return { title: input.title ?? title, body };
}
