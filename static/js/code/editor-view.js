import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { html } from '@codemirror/lang-html';
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import { EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';

const LOOK = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--raised)', color: 'var(--ink)', fontSize: 'var(--text-s)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--ink-faint)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--hover) 55%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--hover)', color: 'var(--ink)' },
  '.cm-selectionMatch, &.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--green-soft)' },
  '.cm-searchMatch': { backgroundColor: 'var(--thread-soft)', outline: '1px solid var(--thread)' },
  '.cm-panels': { fontSize: 'var(--text-m)', backgroundColor: 'var(--surface)', color: 'var(--ink)' },
  '.cm-panels-top': { borderBottom: '1px solid var(--line)' },
  '.cm-tooltip': { backgroundColor: 'var(--raised)', color: 'var(--ink)', border: '1px solid var(--line)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--green)', color: 'var(--on-green)' },
  '.cm-button, .cm-textfield': { backgroundImage: 'none', backgroundColor: 'var(--raised)', border: '1px solid var(--line-strong)', borderRadius: 'var(--round-s)' },
});

/** Show an editor in an element; `on` has `change` and `save`. The Tab key leaves it. */
export function newEditorView(parent, on) {
  // Its styles are written into the page, whose policy asks for this.
  const { nonce } = document.querySelector('script[nonce]');
  const shared = [
    EditorView.cspNonce.of(nonce), LOOK, lineNumbers(), history(), highlightSpecialChars(), highlightActiveLine(), highlightActiveLineGutter(),
    indentOnInput(), bracketMatching(), closeBrackets(), autocompletion(), highlightSelectionMatches(), search({ top: true }),
    syntaxHighlighting(classHighlighter), EditorView.lineWrapping,
    keymap.of([{ key: 'Mod-s', run: () => on.save() ?? true, preventDefault: true }, ...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...completionKeymap]),
    // Texts come back as they were: other line ends are characters of them.
    EditorState.lineSeparator.of('\n'),
    EditorView.updateListener.of(({ docChanged, state }) => docChanged && on.change(textOf(state))),
  ];
  const view = new EditorView({ parent, extensions: shared });
  /** The state of a file that is opened. */
  const newState = (path, doc) => EditorState.create({
    doc, extensions: [shared, EditorView.contentAttributes.of({ 'aria-label': `Code of ${path}` }), /\.html?$/.test(path) ? html() : []],
  });
  return { view, newState };
}

const textOf = (state) => state.sliceDoc();
