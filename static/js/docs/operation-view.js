import { copyText } from '../ui/copy.js';
import { h, icon } from '../ui/dom.js';
import { curlExample, fields, limits, resolve, typeWords } from './openapi.js';

/** One endpoint as a collapsed section: description, parameters, body, responses, and a curl example. */
export function operationView(spec, operation) {
  const body = operation.requestBody && resolve(spec, operation.requestBody);
  const parameters = operation.parameters.map((one) => ({
    name: one.name,
    type: typeWords(spec, one.schema),
    required: one.required,
    description: one.description ?? '',
    limits: [`in ${one.in}`, limits(resolve(spec, one.schema) ?? {})].filter(Boolean).join(', '),
  }));
  return h('details', { class: 'operation', id: operation.id },
    h('summary', {},
      h('span', { class: 'method', dataset: { method: operation.method } }, operation.method),
      h('code', { class: 'operation-path' }, operation.path),
      h('span', { class: 'operation-summary' }, operation.summary ?? '')),
    h('div', { class: 'operation-body' },
      operation.description ? h('p', {}, operation.description) : '',
      fieldTable('Parameters', parameters),
      body?.description ? h('p', {}, body.description) : '',
      ...Object.entries(body?.content ?? {}).map(([type, media]) => fieldTable(`Body, ${type}`, fields(spec, media.schema))),
      responses(spec, operation),
      example(curlExample(spec, operation, location.origin))));
}

function fieldTable(title, rows) {
  if (!rows.length) return '';
  return h('section', {}, h('h4', {}, title),
    h('dl', { class: 'field-list' }, rows.map((row) => h('div', {},
      h('dt', {}, h('code', {}, row.name), row.required ? h('span', { class: 'tag' }, 'required') : ''),
      h('dd', {}, h('span', { class: 'field-type' }, [row.type, row.limits].filter(Boolean).join(' · ')), row.description ? h('p', {}, row.description) : '')))));
}

function responses(spec, operation) {
  const rows = Object.entries(operation.responses ?? {}).map(([status, response]) => {
    const media = Object.entries(resolve(spec, response).content ?? {})[0];
    return h('li', {}, h('code', {}, status), h('span', {}, resolve(spec, response).description ?? ''), media ? h('span', { class: 'field-type' }, `${media[0]}${media[1].schema ? ` · ${typeWords(spec, media[1].schema)}` : ''}`) : '');
  });
  return rows.length ? h('section', {}, h('h4', {}, 'Responses'), h('ul', { class: 'answer-list' }, rows)) : '';
}

function example(text) {
  return h('figure', { class: 'code' },
    h('figcaption', {}, h('span', {}, 'curl'), h('button', { type: 'button', class: 'code-copy', onclick: () => copyText(text) }, icon('copy'), 'Copy')),
    h('pre', { tabindex: 0 }, h('code', {}, text)));
}
