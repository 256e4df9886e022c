// The only script text that the policy of a preview allows, in the page's own frame and in every frame that the page
// makes: a `srcdoc`, `javascript:` or blob frame inherits the policy, so nothing starts there without this script. It shows the page, which
// comes as data in the element before it, and runs the page's scripts with eval, where the policy allows that. An empty frame
// waits: for a whole document, or for a port by which a page comes while it is written.
import './guard.js';
import { attempt } from './elements.js';
import { showFiles } from './files.js';
import { watchLinks } from './links.js';
import { tellHere } from './own-tab.js';
import { keepPlace } from './places.js';
import { clean, elementsIn } from './pages.js';
import { run } from './scripts.js';
import { showWriting } from './writing.js';

const [send, own, root] = [parent.postMessage.bind(parent), document.currentScript, document.documentElement];
const post = (message) => send(message, '*');
const isOnItsOwn = parent === window;
const MOST_PROBLEMS = 20;

function show({ page, path, runsScripts, files = {} }) {
  const parsed = new DOMParser().parseFromString(page, 'text/html');
  const elements = elementsIn(parsed);
  showFiles(elements, files, path);
  const { handlers, scripts } = clean(elements, { runsScripts });
  document.replaceChild(document.adoptNode(elements[0]), root);
  watchLinks(isOnItsOwn ? tellHere : ({ kind, address = '' }) => post({ preview: 'link', kind, address }), path);
  watchKeys();
  watchDrags();
  let hashes = [];
  attempt(() => { hashes = keepPlace(post, elements.find((element) => element.localName === 'body')); });
  post({ preview: 'page', hasScripts: scripts.length + handlers.length > 0, hashes });
  if (!runsScripts) return;
  watchProblems();
  run(scripts, handlers);
}

// For the checks before publishing: what goes wrong in the page's scripts.
function watchProblems() {
  let left = MOST_PROBLEMS;
  const tell = (text) => left-- > 0 && post({ preview: 'problem', text: String(text) });
  addEventListener('error', ({ message }) => tell(message));
  addEventListener('unhandledrejection', ({ reason }) => attempt(() => tell(reason?.message ?? reason)));
}

// Files that are dragged over the page are for the builder.
function watchDrags() {
  addEventListener('dragenter', ({ dataTransfer }) => dataTransfer?.types.includes('Files') && post({ preview: 'drag' }), true);
  addEventListener('dragover', (event) => event.dataTransfer?.types.includes('Files') && event.preventDefault(), true);
}

// The builder's key, pressed while the focus is in the page.
function watchKeys() {
  for (const type of ['keydown', 'keyup']) {
    addEventListener(type, (event) => {
      if (!event.altKey || event.code !== 'KeyB' || event.repeat) return;
      event.preventDefault();
      post({ preview: 'key', isDown: type === 'keydown' });
    }, true);
  }
}

function wait() {
  addEventListener('message', function take({ source, data, ports }) {
    if (source !== parent || (typeof data.document !== 'string' && !ports.length)) return;
    removeEventListener('message', take);
    if (ports.length) return showWriting(ports[0]);
    // On its own domain the frame is empty at first, and gets all of this as text from the page around it.
    document.open();
    document.write(data.document);
    document.close();
  });
  post({ preview: 'ready' });
}

if (own.previousElementSibling) {
  setInterval(() => post({ preview: 'alive' }), 1_000);
  show(JSON.parse(own.previousElementSibling.textContent));
} else wait();
