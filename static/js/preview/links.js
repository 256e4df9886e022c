import { destination } from './destinations.js';
import { attribute } from './elements.js';

/** Keep links and forms from leading the page of a path away; `tell` is called with what they will do once the site is published. */
export function watchLinks(tell, path) {
  for (const type of ['click', 'auxclick']) addEventListener(type, (event) => clicked(event, tell, path), true);
  addEventListener('keydown', (event) => pressed(event, tell), true);
  // Nothing that the sandbox would only refuse, and without a word.
  HTMLFormElement.prototype.submit = () => { tell({ kind: 'form' }); };
  HTMLFormElement.prototype.requestSubmit = function (submitter) { send(this, submitter, tell); };
}

function clicked(event, tell, path) {
  const nodes = event.composedPath();
  const link = nodes.find((node) => (node.localName === 'a' || node.localName === 'area') && hrefOf(node) !== null);
  if (link) return unlessHandled(event, () => follow(link, tell, path));
  const button = event.type === 'click' && nodes.find((node) => node instanceof Element && node.matches('button, input'));
  if (button && (button.type === 'submit' || button.type === 'image') && button.form) unlessHandled(event, () => send(button.form, button, tell));
}

// A form without a button is sent by the Enter key.
function pressed(event, tell) {
  const [field] = event.composedPath();
  if (event.key !== 'Enter' || field.localName !== 'input' || !field.form) return;
  if (!field.form.querySelector('button:not([type=button], [type=reset]), input:is([type=submit], [type=image])')) unlessHandled(event, () => send(field.form, null, tell));
}

const hrefOf = (link) => attribute(link, 'href') ?? attribute(link, 'xlink:href');

function follow(link, tell, path) {
  const leadsTo = destination(hrefOf(link), { path, isDownload: link.hasAttribute('download') });
  // In place of the address in the history, so that Back still leaves the builder's page.
  if (leadsTo.kind === 'anchor') location.replace(`#${leadsTo.address}`);
  else tell(leadsTo);
}

// The sandbox allows no forms: not even their event comes.
function send(form, submitter, tell) {
  if (!form.noValidate && !submitter?.formNoValidate && !form.reportValidity()) return;
  const isGoing = form.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true, submitter }));
  if (!isGoing) return;
  if (attribute(form, 'method')?.toLowerCase() === 'dialog') form.closest('dialog')?.close(submitter?.value);
  else tell({ kind: form.querySelector('input[type=file]') ? 'files' : 'form' });
}

// Run after the page's own listeners, unless one of them has handled the event: it may also end the event's way early.
function unlessHandled(event, run) {
  let isHandled = false;
  const prevent = () => Event.prototype.preventDefault.call(event);
  const finish = () => {
    removeEventListener(event.type, finish);
    if (event.defaultPrevented) return;
    prevent();
    setTimeout(() => isHandled || run());
  };
  event.preventDefault = () => {
    isHandled = true;
    prevent();
  };
  for (const name of ['stopPropagation', 'stopImmediatePropagation']) {
    event[name] = () => {
      Event.prototype[name].call(event);
      finish();
    };
  }
  addEventListener(event.type, finish);
}
