// The only script text that the policy of a preview allows, in the page's own frame and in every frame that the page
// makes: a `srcdoc`, `javascript:` or blob frame inherits the policy, so nothing starts there without this script. It shows the page, which
// comes as data in the element before it, and runs the page's scripts with eval, where the policy allows that.
(() => {
  // No policy blocks WebRTC. Nothing but names on `window`, which a frame's markup can't replace, is used before this.
  for (const name of Object.getOwnPropertyNames(window)) if (/^(webkit|moz)?RTC/.test(name)) delete window[name];

  // Markup of the page can hide methods and properties of forms and of the document behind elements of the same name.
  const call = (method) => Function.prototype.call.bind(method);
  const [attributeNames, attribute, removeAttribute] = ['getAttributeNames', 'getAttribute', 'removeAttribute'].map((name) => call(Element.prototype[name]));
  const [post, own, root] = [parent.postMessage.bind(parent), document.currentScript, document.documentElement];
  const UNUSED = new Set(['iframe', 'frame', 'object', 'embed', 'applet', 'portal', 'fencedframe', 'base', 'link']);
  const isUnused = (element) => UNUSED.has(element.localName) || (element.localName === 'meta' && element.hasAttribute('http-equiv'));
  const isScript = (element) => element.localName === 'script' && !attribute(element, 'src') && /^(|module|(text|application)\/(x-)?(java|ecma)script)$/i.test(attribute(element, 'type') ?? '');

  function show({ page, runsScripts }) {
    const parsed = new DOMParser().parseFromString(page, 'text/html');
    const walker = document.createTreeWalker(parsed, NodeFilter.SHOW_ELEMENT);
    const elements = [];
    while (walker.nextNode()) elements.push(walker.currentNode);
    const handlers = elements.flatMap(takeHandlers);
    const scripts = elements.filter(isScript);
    for (const element of elements) {
      if (isUnused(element) || (runsScripts && element.localName === 'noscript')) element.remove();
      else if (element.localName === 'noscript') element.replaceWith(...element.childNodes);
    }
    document.replaceChild(document.adoptNode(elements[0]), root);
    post({ preview: 'page', hasScripts: scripts.length + handlers.length > 0 }, '*');
    if (runsScripts) run(scripts, handlers);
  }

  function takeHandlers(element) {
    const names = attributeNames(element).filter((name) => name.startsWith('on'));
    return names.map((name) => {
      const code = attribute(element, name);
      removeAttribute(element, name);
      return { element, name, code };
    });
  }

  // Scripts share what they declare with let, const and class: each is evaluated in the scope of the one before.
  // biome-ignore lint/security/noGlobalEval: the only way to run scripts that leaves frames without any
  let scope = eval;
  const KEEP = 'keepPreviewScope';

  function run(scripts, handlers) {
    Object.defineProperty(window, KEEP, { value: (next) => { scope = next; } });
    watch();
    for (const script of scripts) {
      document.write = (...texts) => script.insertAdjacentHTML('beforebegin', texts.join(''));
      attempt(() => evaluate(script.text, attribute(script, 'type')?.toLowerCase() === 'module'));
    }
    delete document.write;
    handlers.forEach(handle);
  }

  function evaluate(code, isModule) {
    if (isModule) scope(`(async function () { 'use strict'; ${code}\n})()`);
    else scope(`${KEEP}((code) => eval(code));${code}`);
  }

  function handle({ element, name, code }) {
    if (name in element) attempt(() => { element[name] = scope(`(function (event) { with (document) with (this) { ${code}\n} })`); });
  }

  function attempt(task) {
    try {
      task();
    } catch (error) {
      reportError(error);
    }
  }

  // What scripts add later: their handlers work, and frames, in which nothing could run, are taken out.
  function watch() {
    const look = (element) => {
      if (isUnused(element)) element.remove();
      else takeHandlers(element).forEach(handle);
    };
    new MutationObserver((records) => {
      for (const { type, target, addedNodes } of records) {
        if (type === 'attributes') look(target);
        for (const node of addedNodes) if (node instanceof Element) [node, ...node.querySelectorAll('*')].forEach(look);
      }
    }).observe(document, { subtree: true, childList: true, attributes: true });
  }

  // On its own domain the frame is empty at first, and gets all of this as text from the page around it.
  function wait() {
    addEventListener('message', function write({ source, data }) {
      if (source !== parent || typeof data.document !== 'string') return;
      removeEventListener('message', write);
      document.open();
      document.write(data.document);
      document.close();
    });
    post({ preview: 'ready' }, '*');
  }

  if (!own.previousElementSibling) return wait();
  setInterval(() => post({ preview: 'alive' }, '*'), 1_000);
  show(JSON.parse(own.previousElementSibling.textContent));
})();
