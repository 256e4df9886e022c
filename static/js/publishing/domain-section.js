import { request } from '../net/api.js';
import { copyText } from '../ui/copy.js';
import { h, iconButton } from '../ui/dom.js';

const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** A website's domain of its owner's own: the record that it needs, and whether it has it. It is read when the section is opened. */
export function domainSection(websiteId) {
  const address = `/api/websites/${websiteId}/domain`;
  const content = h('div', { class: 'publishing-part' }, h('p', { class: 'field-note' }, 'Loading…'));
  const problem = h('p', { class: 'field-note is-problem', role: 'alert', hidden: true });
  const show = (domain) => {
    problem.hidden = true;
    content.replaceChildren(...(domain ? claimed(domain) : [form()]), problem);
  };
  const ask = async (method, body) => {
    try {
      const { domain = null } = await request(method, address, body);
      show(domain);
    } catch (error) {
      if (!content.contains(problem)) content.replaceChildren(problem);
      problem.textContent = error.message;
      problem.hidden = false;
    }
  };

  const form = () => {
    const input = h('input', { class: 'input', id: 'domain', placeholder: 'www.luna.example', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', maxlength: 240 });
    const claim = (event) => {
      event.preventDefault();
      const domain = input.value.trim().toLowerCase().replace(/^https?:\/\/|\/.*$/g, '');
      if (DOMAIN.test(domain)) return ask('PUT', { domain });
      problem.textContent = 'That is no domain. Write it like www.luna.example.';
      problem.hidden = false;
      input.focus();
    };
    return h('form', { class: 'publishing-part', onsubmit: claim }, h('div', { class: 'field' }, h('label', { for: 'domain' }, 'Your own domain'), input),
      h('div', {}, h('button', { type: 'submit', class: 'button small' }, 'Use this domain')));
  };
  const claimed = ({ domain, record: { type, name, value }, is_proved: isProved }) => [
    h('p', { class: 'live-line' }, isProved ? h('span', { class: 'live-dot' }) : null, isProved ? `${domain} is yours.` : `${domain} needs a record that says it is yours.`),
    isProved ? null : h('dl', { class: 'domain-record' }, fact('Type', type), fact('Name', name), fact('Value', value)),
    h('p', { class: 'field-note' }, 'The domain itself has to lead here, too, by a CNAME or A record: whoever runs this server can tell you to where.'),
    h('div', { class: 'publishing-row' },
      isProved ? null : h('button', { type: 'button', class: 'button small', onclick: () => ask('GET') }, 'Check again'),
      h('button', { type: 'button', class: 'button small', onclick: () => ask('DELETE') }, 'Give the domain up')),
  ].filter(Boolean);

  return h('details', { class: 'publishing-more', ontoggle: ({ currentTarget }) => currentTarget.open && ask('GET') }, h('summary', {}, 'Your own domain'), content);
}

function fact(label, text) {
  return h('div', {}, h('dt', {}, label), h('dd', {}, h('code', {}, text), iconButton('copy', `Copy ${label.toLowerCase()}`, () => copyText(text))));
}
